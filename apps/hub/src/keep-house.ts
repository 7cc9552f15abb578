import type { StoreThread } from '@tradewind/store'
import type { Logger } from 'pino'
import type { Ingest } from './ingest/ingest'

/** Devices may take this long to come back after a restart of the hub before they are called lost. */
const absenceGraceMs = 45_000
const lookEveryMs = 2_000
const flushEveryMs = 30_000
const rollEveryMs = 60_000
const sweepEveryMs = 10 * 60_000
const dayMs = 86_400_000

/**
 * What the hub does by itself, whether or not anybody tells it to: it looks for what others wrote to the database,
 * misses the devices that stay away, flushes the marks, rolls the samples up and drops what is too old.
 */
export function keepHouse(parts: {
  store: StoreThread
  ingest: Ingest
  refresh: () => Promise<void>
  log: Logger
  now: () => number
}) {
  const { store, ingest, refresh, log, now } = parts
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
    const { days } = await store.retention()
    const before = (kept: number) => now() - kept * dayMs
    await untilNone(() => store.dropSamples(before(days.samples)))
    await untilNone(() => store.dropRollups('1m', before(days.minutes)))
    await untilNone(() => store.dropRollups('15m', before(days.quarters)))
    await untilNone(() => store.dropRollups('1h', before(days.hours)))
    await store.dropEvents(before(days.events))
    await untilNone(() => store.dropWork(before(days.quarters)))
    await store.dropProblems(before(days.events))
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
