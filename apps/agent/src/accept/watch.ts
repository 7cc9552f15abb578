import { setTimeout as pause } from 'node:timers/promises'
import type { Host } from '../host/host'
import { probeFact } from '../probe/probe'
import type { Vitals } from './summary'

const everyMs = 10_000

/** Reads temperature and throttling: now, every ten seconds while `work` goes on, and when it is done. */
export async function watched<T>(host: Host, work: () => Promise<T>): Promise<{ done: T; vitals: Vitals[] }> {
  const vitals = [await vitalsOf(host)]
  const stopping = new AbortController()
  const watching = watch(host, vitals, stopping.signal)
  try {
    const done = await work()
    vitals.push(await vitalsOf(host))
    return { done, vitals }
  } finally {
    stopping.abort()
    await watching
  }
}

async function watch(host: Host, into: Vitals[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(everyMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    into.push(await vitalsOf(host))
  }
}

async function vitalsOf(host: Host): Promise<Vitals> {
  const [heat, slowed] = await Promise.all([probeFact(host, 'thermal'), probeFact(host, 'throttling')])
  const zones = heat.facts.thermal?.zones ?? []
  return {
    ...(zones.length > 0 ? { celsius: Math.max(...zones.map(({ celsius }) => celsius)) } : {}),
    throttling: slowed.facts.throttling,
  }
}
