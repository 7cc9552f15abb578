import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Answer, Desired, DeviceEvent, Facts, Measured, Question, Reported, Serving } from '@tradewind/protocol'
import type { Logger } from 'pino'
import type { Env } from './env'
import type { Host } from './host/host'
import { hostFor } from './host/host-for'
import { enrol } from './identity/enrol'
import { countStart, ownKey, readEnrolled, saveStart } from './identity/identity'
import { HubClock } from './link/clock'
import { type Banished, Link, sleep } from './link/link'
import { Outbox } from './link/outbox'
import { measureLater } from './measure/later'
import { probeAll, probeFact } from './probe/probe'
import { Recorder } from './sample/recorder'
import { Sampler } from './sample/sampler'
import type { WorkSince } from './serve/work'
import { checkClip } from './trial/clip'
import { type Hear, servesNothing, Trials } from './trial/trials'

export const version = '0.1.0'

export type Agent = {
  /** resolves when the agent has come to an end by itself: the hub will not have it */
  ended: Promise<Banished | null>
  /** tells the hub what is served: now, and with every connection; undefined is nothing */
  sayServing: (serving: Serving | undefined) => void
  /** likewise, all that is known of what builds do here */
  sayMeasured: (measured: Measured) => void
  /** an event, told now or when the hub is there again */
  say: (code: DeviceEvent['code'], detail: DeviceEvent['detail']) => void
  /** the report has changed */
  sayReported: () => void
  /** a clip that the hub keeps; rejects with the network's error */
  fetchClip: (
    path: string,
    limits: { mostBytes: number; signal: AbortSignal },
  ) => Promise<{ status: number; body: Buffer }>
  place: Link['place']
  stop: () => Promise<void>
}

/** After a batch, when the hub has usually taken it; well before the half minute after which Linux writes by itself. */
const settleAfterMs = 10_000

/** Enrols if need be, then samples, reports and stays in touch until it is stopped. Throws `EnrolError`. */
export async function startAgent(parts: AgentParts): Promise<Agent> {
  const { env, log, lastLines, hear = servesNothing, seek = seeksNothing, takeWork = () => ({}) } = parts
  const folder = env.TRADEWIND_AGENT_DATA
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const host = await hostFor(env)
  const clock = new HubClock(host)
  const { key, enrolled, start } = await identify(parts, host)
  const probing = once(() => probeAll(host, version, clock.now()))
  const outbox = Outbox.open(path.join(folder, 'outbox'))
  const say = eventWriter(host, clock, outbox)
  const settling = soon(settleAfterMs, () => outbox.settle())
  let desired: Desired | null = null
  let serving: Serving | undefined
  let measured: Measured | null = null

  const link: Link = new Link({
    enrolled,
    key,
    start,
    run: randomName(),
    host,
    clock,
    outbox,
    log,
    capability: probing.get,
    reported: (): Reported => ({
      at: clock.now(),
      serving,
      ...reportOf(seek.report(), desired?.revision ?? 0),
    }),
    measured: () => measured,
    onDesired: (next) => {
      const isNew = next.revision !== desired?.revision
      desired = next
      recorder.watch(next.leaseMs)
      if (isNew) void seek.accept(next).then(() => link.sayReported())
    },
    onAsk: (question, id) => answer(question, id),
    onGone: () => trials.cancelAll(),
    onClockOff: (offMs) => say('clock-corrected', { offSeconds: Math.round(offMs / 1000) }),
    onStartChanged: (next) =>
      saveStart(folder, next).catch((error) => log.error({ error: error.message }, 'the start could not be saved')),
  })
  const trials: Trials = new Trials({
    fetchClip: async (clip, signal) => checkClip(clip, await link.fetch(clip.path, { mostBytes: clip.bytes, signal })),
    hear,
    log,
  })
  const recorder: Recorder = new Recorder({
    sampler: new Sampler(host),
    takeWork,
    host,
    clock,
    outbox,
    stream: randomName(),
    sampleMs: env.TRADEWIND_SAMPLE_MS,
    batchMs: env.TRADEWIND_BATCH_MS,
    onBatch: () => {
      for (const { code, detail } of outbox.takeNews()) {
        log.warn({ code, ...detail }, 'outbox')
        say(code, detail)
      }
      link.wake()
      settling.ask()
    },
  })

  const probeAgain = async () => {
    probing.forget()
    const report = await probing.get()
    await link.sayCapability(report)
    return report
  }
  const answer = async (question: Question, id: string): Promise<Answer['answer'] | null> => {
    switch (question.kind) {
      case 'logs':
        return { kind: 'logs', lines: fitting(lastLines(question.lines)) }
      case 'probe':
        return { kind: 'probe', report: await probeAgain() }
      case 'try':
        return trials.answer(id, question)
      case 'cancel':
        trials.cancel(id)
        return null
    }
  }
  say('agent-started', { start, version })
  const stopping = new AbortController()
  await recorder.start()
  const ended = link.run(stopping.signal)
  const stopMeasuring = measureLater(host, () => void probeAgain())
  return {
    ended,
    sayServing: (next) => {
      const crash = crashOf(serving, next)
      if (crash) say('engine-crashed', crash)
      serving = next
      void link.sayReported()
    },
    sayMeasured: (next) => {
      measured = next
      void link.sayMeasured()
    },
    say,
    sayReported: () => void link.sayReported(),
    fetchClip: (path, limits) => link.fetch(path, limits),
    place: link.place,
    stop: async () => {
      stopMeasuring()
      settling.cancel()
      await recorder.stop()
      link.wake()
      await link.leave()
      stopping.abort()
      await Promise.race([ended, sleep(500)])
      outbox.close()
    },
  }
}

type Seek = {
  /** never rejects: what is refused is told */
  accept: (desired: Desired) => Promise<void>
  report: () => Omit<Reported, 'at' | 'serving'>
}

/** What the hub said counts as seen, whether or not somebody follows it. */
const reportOf = (report: ReturnType<Seek['report']>, desiredRevision: number) => ({
  ...report,
  revisionSeen: Math.max(report.revisionSeen, desiredRevision),
})

/** What a device says that follows nothing. */
const seeksNothing: Seek = {
  accept: async () => {},
  report: () => ({ revisionSeen: 0, revisionApplied: 0, failure: null }),
}

type AgentParts = {
  env: Env
  log: Logger
  lastLines: (most: number) => string[]
  /** what people who try this device are answered with; left out: it serves nothing */
  hear?: Hear
  /** who follows what is assigned; left out: nobody, and the hub learns only that it was seen */
  seek?: Seek
  /** what was done for programs since it was asked last; left out: it serves nothing */
  takeWork?: () => WorkSince
  /** aborts an enrolment that still waits */
  signal?: AbortSignal
}

/** Who this device is: its key, what enrolment gave it, and the number of this start. */
async function identify({ env, log, signal = new AbortController().signal }: AgentParts, host: Host) {
  const folder = env.TRADEWIND_AGENT_DATA
  const key = await ownKey(folder)
  const known = await readEnrolled(folder)
  const asking = {
    folder,
    key,
    token: env.TRADEWIND_TOKEN,
    hubUrl: env.TRADEWIND_HUB,
    name: env.TRADEWIND_NAME,
    agentVersion: version,
    log,
    wait: (ms: number) => sleep(ms, signal).then(() => signal.throwIfAborted()),
  }
  const enrolled = known ?? (await enrol({ ...asking, hints: hintsOf((await probeFact(host, 'board')).facts) }))
  const start = await countStart(folder, (error) =>
    log.error({ error: error.message }, 'this start could not be counted'),
  )
  return { key, enrolled, start }
}

/** A crash is an event too: the level says only how it is now. What was refused before it ran is none. */
function crashOf(before: Serving | undefined, now: Serving | undefined): DeviceEvent['detail'] | null {
  const { failure, since, build } = now ?? {}
  if (!failure || since === before?.since || !crashCodes.has(failure.code)) return null
  return { build: build ?? '', code: failure.code, givenUp: failure.retryAt === null }
}
const crashCodes = new Set(['killed-by-signal', 'out-of-memory', 'killed-likely-by-android', 'ended', 'hung'])

/** The newest lines that fit into one message. */
function fitting(lines: string[], mostBytes = 48 * 1024): string[] {
  let bytes = 0
  let from = lines.length
  while (from > 0) {
    bytes += Buffer.byteLength(JSON.stringify(lines[from - 1])) + 1
    if (bytes > mostBytes) break
    from--
  }
  return lines.slice(from)
}

/** Events wait in the outbox like samples: what happens without a hub is told later, with its true time. */
function eventWriter(host: { bootId: () => string; uptimeMs: () => number }, clock: HubClock, outbox: Outbox) {
  return (code: DeviceEvent['code'], detail: DeviceEvent['detail']) => {
    const when = { boot: host.bootId(), mono: host.uptimeMs(), at: clock.now(), clock: clock.source }
    outbox.append({ leaf: 'event', body: { id: randomName(), code, detail, ...when } })
  }
}

function hintsOf(facts: Facts) {
  const { model, serialHash } = facts.board ?? {}
  return { ...(model ? { board: model } : {}), ...(serialHash ? { serialHash } : {}) }
}

/** Asked for once and remembered, until it is forgotten. */
function once<T>(make: () => Promise<T>) {
  let made: Promise<T> | null = null
  return {
    get: () => (made ??= make()),
    forget: () => {
      made = null
    },
  }
}

/** Does the work `ms` after it was asked for; whoever asks meanwhile gets the same. */
function soon(ms: number, work: () => void) {
  let timer: NodeJS.Timeout | undefined
  return {
    ask: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        work()
      }, ms)
    },
    cancel: () => clearTimeout(timer),
  }
}

const randomName = () => randomBytes(8).toString('hex')
