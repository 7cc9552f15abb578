import { timingSafeEqual } from 'node:crypto'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Ask, rolloutActs, TrialWish } from '@tradewind/protocol'
import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import type { Asks } from '../asks'
import type { Feed, News } from '../feed'
import type { Mirror } from '../mirror/mirror'
import { mirrorRoutes } from '../mirror/routes'
import type { Rollouts } from '../rollout/rollouts'
import type { KeptClips } from '../smoke/kept-clips'
import { smokeClipRoutes } from '../smoke/routes'
import type { Trials } from '../trial/trials'
import type { Watch } from '../watch'
import { problem } from './problem'

const AskBody = z.object({ deviceId: z.string().max(40), question: Ask.shape.question })
const ActParams = z.object({ id: z.string().max(40), act: z.enum(rolloutActs) })
const ByActor = z.object({ actor: z.string().min(1).max(300) })
const TryQuery = TrialWish.extend({ deviceId: z.string().max(40), actor: z.string().min(1).max(300) })
const heartbeatMs = 15_000
/** News kept for one listener that reads slowly; beyond it the stream ends and the listener starts afresh. */
const mostQueued = 1_000

/** The dashboard's way to the hub: loopback only, with a secret from a file that only this user can read. */
export function localApi(parts: {
  secret: string
  feed: Feed
  watch: Watch
  asks: Asks
  trials: Trials
  rollouts: Rollouts
  mirror: Mirror
  smokeClips: KeptClips
  wake: () => void
  placing: Hono
}) {
  const app = new Hono<{ Bindings: HttpBindings }>()
  const expected = Buffer.from(`Bearer ${parts.secret}`)

  app.use(async (c, next) => {
    const given = Buffer.from(c.req.header('authorization') ?? '')
    const isRight = given.length === expected.length && timingSafeEqual(given, expected)
    if (isRight) return next()
    const { status, body } = problem('unauthorised')
    return c.json(body, status)
  })

  app.post('/wake', (c) => {
    parts.wake()
    return c.body(null, 204)
  })

  app.post('/ask', async (c) => {
    const asked = AskBody.safeParse(await c.req.json().catch(() => null))
    const asking = asked.success ? await parts.asks.ask(asked.data.deviceId, asked.data.question) : null
    if (asking?.ok) return c.json(asking.answer)
    const { status, body } = asking ? problem('device-unreachable', { why: asking.why }) : problem('bad-request')
    return c.json(body, status)
  })

  app.post('/try', async (c) => {
    const asked = TryQuery.safeParse(c.req.query())
    const tried = asked.success ? await parts.trials.try({ ...trialOf(asked.data), ...incoming(c) }) : null
    if (tried?.ok) return c.json(tried.reply)
    const { status, body } = tried ? problem(tried.code, tried.detail) : problem('bad-request')
    return c.json(body, status)
  })

  app.route('/', parts.placing)
  app.post('/rollouts/:id/:act', async (c) => {
    const what = ActParams.safeParse(c.req.param())
    const by = ByActor.safeParse(await c.req.json().catch(() => null))
    const done = what.success && by.success ? await parts.rollouts.act({ ...what.data, ...by.data }) : null
    if (done?.ok) return c.json(done.rollout)
    const { status, body } = done ? problem(done.code, done.detail) : problem('bad-request')
    return c.json(body, status)
  })
  app.route('/mirror', mirrorRoutes(parts.mirror))
  app.route('/smoke-clips', smokeClipRoutes(parts.smokeClips))

  app.get('/events', (c) => {
    const deviceId = c.req.query('device')
    const only = c.req.query('only')?.split(',')
    return streamSSE(c, async (stream) => {
      const queue: News[] = []
      let isOpen = true
      let wakeUp = () => {}
      const stopListening = parts.feed.listen((news) => {
        const told = only && !only.includes(news.kind) ? null : toldTo(deviceId, news)
        if (!told) return
        queue.push(told)
        if (queue.length > mostQueued) isOpen = false
        wakeUp()
      })
      const stopWatching = deviceId ? parts.watch.begin(deviceId) : () => {}
      const heartbeat = setInterval(() => void stream.write(': here\n\n'), heartbeatMs)
      stream.onAbort(() => {
        isOpen = false
        wakeUp()
      })
      await stream.write(': here\n\n')
      while (isOpen) {
        for (let news = queue.shift(); news && isOpen; news = queue.shift())
          await stream.writeSSE({ event: news.kind, data: JSON.stringify(news.data) })
        if (isOpen && queue.length === 0) await new Promise<void>((resolve) => (wakeUp = resolve))
      }
      clearInterval(heartbeat)
      stopListening()
      stopWatching()
    })
  })

  return createAdaptorServer({ fetch: app.fetch })
}

const trialOf = ({ deviceId, actor, ...wish }: z.infer<typeof TryQuery>) => ({ deviceId, actor, wish })

/** The clip that comes in, and a signal for when whoever sent it no longer waits. */
function incoming({ env }: Context<{ Bindings: HttpBindings }>) {
  const away = new AbortController()
  env.outgoing.once('close', () => away.abort())
  return { body: env.incoming, signal: away.signal }
}

/** The page of a device hears all of that device; the list hears of all, but only the newest sample of each batch. */
function toldTo(deviceId: string | undefined, news: News): News | null {
  if (deviceId === undefined)
    return news.kind === 'sample' ? { ...news, data: { ...news.data, points: news.data.points.slice(-1) } } : news
  if (news.kind === 'fleet' || news.kind === 'proposals' || news.kind === 'rollout') return news
  if (news.kind === 'assigned' || news.kind === 'problems')
    return news.data.deviceIds.includes(deviceId) ? { ...news, data: { deviceIds: [deviceId] } } : null
  return news.data.deviceId === deviceId ? news : null
}
