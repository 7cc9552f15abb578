// What the dashboard costs whoever keeps it open, with 10,000 devices and a month of history: the server's time for each
// page and each list of the API, the bytes of JavaScript before a page works, how soon its largest part is painted, and
// the work of the browser for each frame while the table of devices is scrolled.
// npm run bench dashboard -- [--json] [--devices 10000] [--days 30] [--data DIR]
//
// DIR holds a fleet that `npm run seed` has laid; without it one is laid first, which takes minutes. A hub runs on it, and
// the devices that are online are connected to it. The dashboard is the built one: npm run build comes first.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '@tradewind/store'
import { freePort } from '../packages/testkit/src/free-port'
import { keyOf } from '../prisma/seed/cast'
import { recall } from '../prisma/seed/memory'
import { framesWhileScrolling, openBrowser, paintOf, scriptsOf } from './dashboard/browser'
import { Dashboard } from './dashboard/server'
import { Crowd, serveCrowd } from './load/crowd'
import { memberOf } from './load/fleet'
import { startHub } from './load/hub'
import { median, percentile } from './load/process-usage'

/** The most that each figure may be; of several pages the worst counts. */
const limits = { pageP95Ms: 150, apiP95Ms: 150, firstLoadKB: 250, largestPaintMs: 1_500, frameMs: 8 }
/** Requests of each page and list, one after the other, after some that warm it up. */
const [requests, warmUps] = [30, 3]
/** Loads of each page with nothing in the browser's cache; their median counts. */
const loads = 5
/** The hub looks at every device when it starts: what comes after that is measured. */
const settleMs = 45_000

const { values: options } = parseArgs({
  allowPositionals: true, // the name of the benchmark
  options: {
    json: { type: 'boolean' },
    devices: { type: 'string', default: '10000' },
    days: { type: 'string', default: '30' },
    data: { type: 'string' },
  },
})
const say = (line: string) => options.json || console.log(line)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

if (!serveCrowd()) {
  const folder = options.data ? null : mkdtempSync(path.join(tmpdir(), 'tradewind-bench-'))
  try {
    await main(options.data ?? path.join(folder as string, 'data'))
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true })
  }
  process.exit()
}

async function main(data: string) {
  if (!recall(data)) lay(data)
  const memory = recall(data)
  const viewer = memory?.people.find(({ role }) => role === 'admin')
  if (!memory || !viewer) throw new Error(`${data} was not seeded`)
  const ports = { plain: await freePort(), https: await freePort(), mqtts: await freePort() }
  const hub = await startHub(data, ports)
  const crowd = await connectOnline(data, ports.plain, memory.secret)
  say(`the hub looks at ${memory.devices} devices: ${settleMs / 1000} s`)
  await pause(settleMs)
  const dashboard = await Dashboard.start(data, await freePort())
  try {
    await dashboard.signIn(viewer.email, viewer.password)
    const addresses = await dashboard.pages()
    const pages = await timed(dashboard, addresses, 'page')
    const lists = await timed(dashboard, await dashboard.lists(), 'list')
    const browser = await openBrowser()
    const scripts = new Map<string, number>()
    const paints = new Map<string, number>()
    for (const address of addresses) {
      scripts.set(address, await scriptsOf(dashboard, address))
      const times: number[] = []
      for (let i = 0; i < loads; i++) times.push(await paintOf(browser, dashboard, address))
      paints.set(address, Math.round(median(times)))
      say(`${address.padEnd(28)} ${scripts.get(address)} KB of scripts, largest paint ${paints.get(address)} ms`)
    }
    const frames = await framesWhileScrolling(browser, dashboard, '/devices')
    await browser.close()
    report({ pages, lists, scripts, paints, frames, devices: memory.devices, days: memory.days })
  } finally {
    crowd.close()
    await dashboard.stop()
    await hub.stop()
  }
}

function lay(data: string) {
  say(`laying ${options.devices} devices with ${options.days} days, some minutes`)
  const size = ['--devices', options.devices, '--days', options.days, '--story', 'brownout']
  const { status } = spawnSync(process.execPath, ['tools/seed.mjs', '--data', data, ...size], {
    stdio: ['ignore', options.json ? 'ignore' : 'inherit', 'inherit'],
  })
  if (status !== 0) throw new Error('the fleet could not be laid')
}

/** Those that were online when the fleet was laid; they say nothing, so that what is measured is the dashboard. */
async function connectOnline(data: string, port: number, secret: string): Promise<Crowd> {
  const store = await openStore(path.join(data, 'tradewind.db'))
  const online = (await store.roster()).filter(({ presence }) => presence?.state === 'online')
  await store.close()
  say(`${online.length} devices connect`)
  const members = await Promise.all(
    online.map(({ deviceId: id, presence }) =>
      memberOf({ id, key: keyOf(secret, id), stream: 'silent00', start: (presence?.start ?? 0) + 1 }),
    ),
  )
  return Crowd.open(port, members)
}

type Times = { p50Ms: number; p95Ms: number; bytes: number }

async function timed(dashboard: Dashboard, addresses: string[], kind: string): Promise<Map<string, Times>> {
  const all = new Map<string, Times>()
  for (const address of addresses) {
    const times: number[] = []
    let bytes = 0
    for (let i = -warmUps; i < requests; i++) {
      const began = performance.now()
      bytes = (await dashboard.get(address)).length
      if (i >= 0) times.push(performance.now() - began)
    }
    const [p50Ms, p95Ms] = [Math.round(percentile(times, 0.5)), Math.round(percentile(times, 0.95))]
    all.set(address, { p50Ms, p95Ms, bytes })
    say(`${kind} ${address.padEnd(34)} p50 ${p50Ms} ms, p95 ${p95Ms} ms, ${Math.round(bytes / 1000)} KB`)
  }
  return all
}

type Found = {
  devices: number
  days: number
  pages: Map<string, Times>
  lists: Map<string, Times>
  scripts: Map<string, number>
  paints: Map<string, number>
  frames: Awaited<ReturnType<typeof framesWhileScrolling>>
}

function report({ devices, days, pages, lists, scripts, paints, frames }: Found) {
  const worst = (times: Map<string, Times>) => Math.max(...[...times.values()].map(({ p95Ms }) => p95Ms))
  const figures = {
    pageP95Ms: worst(pages),
    apiP95Ms: worst(lists),
    firstLoadKB: Math.max(...scripts.values()),
    largestPaintMs: Math.max(...paints.values()),
    frameMs: frames.meanMs,
  }
  say(`scrolling: ${frames.frames} frames, ${frames.meanMs} ms of work each on average, ${frames.p95Ms} ms at p95`)
  const gates = Object.entries(limits).map(([name, limit]) => {
    const value = figures[name as keyof typeof limits]
    say(`  ${value <= limit ? 'met   ' : 'MISSED'} ${name.padEnd(15)} ${value}, at most ${limit}`)
    return { name, value, limit, met: value <= limit }
  })
  if (options.json) {
    const [every, each] = [Object.fromEntries(pages), Object.fromEntries(lists)]
    const found = { pages: every, lists: each, scriptsKB: Object.fromEntries(scripts), frames }
    const said = { bench: 'dashboard', devices, days, load1: loadavg()[0], figures, gates, ...found }
    console.log(JSON.stringify({ ...said, largestPaintMs: Object.fromEntries(paints) }, null, 2))
  }
  process.exitCode = gates.every(({ met }) => met) ? 0 : 1
}
