import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { percentile } from '../load/process-usage'
import type { Dashboard } from './server'

const viewport = { width: 1440, height: 900 }

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })

/** Somebody who is signed in and has nothing in the cache. */
async function visitor(browser: Browser, dashboard: Dashboard): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport })
  await context.addCookies(dashboard.cookies)
  return context
}

/** Kilobytes, compressed, of the scripts that the page asks for before it works. */
export async function scriptsOf(dashboard: Dashboard, address: string): Promise<number> {
  const html = (await dashboard.get(address)).toString()
  const sources = new Set([...html.matchAll(/<script[^>]+src="([^"]+\.js[^"]*)"/g)].map(([, source]) => source ?? ''))
  let bytes = 0
  for (const source of sources) bytes += gzipSync(await dashboard.get(source)).length
  return Math.round(bytes / 1000)
}

/** Milliseconds until the largest part was painted. */
export async function paintOf(browser: Browser, dashboard: Dashboard, address: string): Promise<number> {
  const context = await visitor(browser, dashboard)
  const page = await context.newPage()
  await page.goto(`${dashboard.origin}${address}`, { waitUntil: 'load' })
  await page.waitForTimeout(1_000) // what comes later than that is news, not the page
  const largest = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        })
      }),
  )
  await context.close()
  return largest
}

/** An entry of a trace; times in microseconds. */
type Entry = { name: string; ph: string; pid: number; tid: number; ts: number; dur?: number; args?: { name?: string } }

const scrolled = { pixels: 24_000, perSecond: 3_000 }

/**
 * What the main thread of the page works for each frame while the list is scrolled, in milliseconds: all its tasks, from
 * scripts to painting, shared among the frames that it made.
 */
export async function framesWhileScrolling(browser: Browser, dashboard: Dashboard, address: string) {
  const context = await visitor(browser, dashboard)
  const page = await context.newPage()
  await page.goto(`${dashboard.origin}${address}`, { waitUntil: 'load' })
  await page.waitForTimeout(3_000)
  const session = await context.newCDPSession(page)
  const entries: Entry[] = []
  session.on('Tracing.dataCollected', ({ value }) => void entries.push(...(value as unknown as Entry[])))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'devtools.timeline.frame', '__metadata'] },
  })
  await session.send('Input.synthesizeScrollGesture', {
    ...{ x: viewport.width / 2, y: viewport.height * 0.7, gestureSourceType: 'mouse' },
    ...{ yDistance: -scrolled.pixels, speed: scrolled.perSecond },
  })
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await complete
  await context.close()
  return workOf(entries)
}

/** As Chromium names them: each frame that the main thread makes is layerized once, and all that it does is a task. */
const [frameEnds, task] = ['Layerize', 'ThreadControllerImpl::RunTask']

function workOf(entries: Entry[]) {
  const frames = entries.filter(({ name }) => name === frameEnds)
  const main = mostOf(frames.map(({ pid, tid }) => `${pid} ${tid}`))
  const own = ({ pid, tid }: Entry) => `${pid} ${tid}` === main
  const starts = frames
    .filter(own)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b)
  const tasks = entries.filter((one) => own(one) && one.name === task && one.ph === 'X')
  const works = starts.slice(0, -1).map((fromUs, i) => {
    const toUs = starts[i + 1] ?? fromUs
    return tasks.filter(({ ts }) => ts >= fromUs && ts < toUs).reduce((sum, { dur = 0 }) => sum + dur / 1000, 0)
  })
  const round = (ms: number) => Math.round(ms * 100) / 100
  const lastUs = starts.at(-1) ?? 0
  return {
    frames: works.length,
    perSecond: round((works.length / (lastUs - (starts[0] ?? 0))) * 1e6),
    meanMs: round(works.reduce((sum, one) => sum + one, 0) / works.length),
    p95Ms: round(percentile(works, 0.95)),
  }
}

/** The value that stands there most often. */
function mostOf(values: string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}
