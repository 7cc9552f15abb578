import type { StoreThread } from '@tradewind/store'
import type { Logger } from 'pino'
import type { Env } from './env'
import type { Ingest } from './ingest/ingest'

/** Devices may take this long to come back after a restart of the hub before they are called lost. */
const absenceGraceMs = 45_000
const lookEveryMs = 2_000
const flushEveryMs = 30_000
const rollEveryMs = 60_000
const sweepEveryMs = 10 * 60_000
/** Days that each level of the rollups, the work done, the events, and the problems that have ended, are kept. */
const rollupDays = { '1m': 7, '15m': 90, '1h': 730 } as const
const workDays = 90
const eventDays = 90
const problemDays = 90
const dayMs = 86_400_000

/**
 * What the hub does by itself, whether or not anybody tells it to: it looks for what others wrote to the database,
 * misses the devices that stay away, flushes the marks, rolls the samples up and drops what is too old.
 */
export function keepHouse(parts: {
  env: Env
  store: StoreThread
  ingest: Ingest
  refresh: () => Promise<void>
  log: Logger
  now: () => number
}) {
  const { env, store, ingest, refresh, log, now } = parts
  let seen = 0

  let isWoken = false

  const look = async () => {
    const version = await store.changesElsewhere()
    const isTold = isWoken
    isWoken = false
    if (isTold || version !== seen) await refresh()
    seen = version
    ingest.missTheAbsent(absenceGraceMs)
  }
  const roll = () => untilNone(() => store.rollUp())
  const sweep = async () => {
    await store.flushMarks()
    await untilNone(() => store.dropSamples(now() - env.TRADEWIND_SAMPLE_DAYS * dayMs))
    for (const [level, days] of Object.entries(rollupDays) as [keyof typeof rollupDays, number][])
      await untilNone(() => store.dropRollups(level, now() - days * dayMs))
    await untilNone(() => store.dropWork(now() - workDays * dayMs))
    await store.dropEvents(now() - eventDays * dayMs)
    await store.dropProblems(now() - problemDays * dayMs)
  }

  const chores = [
    every(lookEveryMs, look),
    every(flushEveryMs, () => store.flushMarks()),
    every(rollEveryMs, roll),
    every(sweepEveryMs, sweep),
  ]
  return {
    /** Look now: somebody has written something. */
    wake: () => {
      isWoken = true
      chores[0]?.now()
    },
    stop: async () => {
      await Promise.all(chores.map((chore) => chore.stop()))
    },
  }

  /** Runs a chore again and again, never twice at once; a failure is logged and the next time is another try. */
  function every(ms: number, chore: () => Promise<unknown>) {
    let running: Promise<void> | null = null
    let again = false
    const run = async () => {
      again = false
      await chore().catch((error: Error) => log.error({ error: error.message }, 'a chore failed'))
      if (again) await run()
    }
    const start = () => {
      again = running !== null
      running ??= run().finally(() => {
        running = null
      })
    }
    const timer = setInterval(start, ms)
    return {
      now: start,
      stop: async () => {
        clearInterval(timer)
        await running
      },
    }
  }
}

/** Milliseconds between two pieces of housekeeping, so that commits of what devices say need not wait. */
export const breathMs = 20

async function untilNone(piece: () => Promise<number>) {
  while ((await piece()) > 0) await pause(breathMs)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
