import type { EngineFailure, EngineState } from './engine'

/** Where an engine stands, and when its processes ended by themselves lately. Times in milliseconds. */
export type Machine = { state: EngineState; crashes: number[] }

export type EngineEvent =
  | { is: 'load'; build: string }
  | { is: 'loaded' }
  | { is: 'unload' }
  /** the process has ended, and was meant to */
  | { is: 'unloaded' }
  /** it has ended by itself, or was ended because it hung or could not load */
  | { is: 'lost'; failure: EngineFailure }
  | { is: 'retry' }

export const cold: Machine = { state: { is: 'cold' }, crashes: [] }

const backoff = { firstMs: 1_000, mostMs: 60_000 }
/** So many crashes within so long a time, and it is given up. */
const mostCrashes = 5
const crashesWithinMs = 10 * 60_000

/** A restart does not mend these: a person, or another assignment, has to. */
const forGood = new Set<EngineFailure['code']>(['bad-file', 'unsupported', 'engine-missing'])

/** What becomes of an engine. Events that do not belong to its state change nothing: they come late, from a process before. */
export function next(machine: Machine, event: EngineEvent, now: number): Machine {
  const { state } = machine
  switch (event.is) {
    case 'load':
      return { state: { is: 'loading', build: event.build, since: now }, crashes: [] }
    case 'loaded':
      return state.is === 'loading' ? { ...machine, state: { is: 'ready', build: state.build, since: now } } : machine
    case 'unload':
      if (state.is === 'cold' || state.is === 'draining') return machine
      if (state.is === 'failed') return cold
      return { ...machine, state: { is: 'draining', build: state.build, since: now } }
    case 'unloaded':
      return state.is === 'draining' ? cold : machine
    case 'lost':
      return lost(machine, event.failure, now)
    case 'retry':
      if (state.is !== 'failed' || state.retryAt === null) return machine
      return { ...machine, state: { is: 'loading', build: state.build, since: now } }
  }
}

function lost(machine: Machine, failure: EngineFailure, now: number): Machine {
  const { state } = machine
  if (state.is === 'draining') return cold
  if (state.is !== 'loading' && state.is !== 'ready') return machine
  const crashes = [...machine.crashes.filter((at) => at > now - crashesWithinMs), now]
  const isGivenUp = forGood.has(failure.code) || crashes.length >= mostCrashes
  const waitMs = Math.min(backoff.mostMs, backoff.firstMs * 2 ** (crashes.length - 1))
  const retryAt = isGivenUp ? null : now + waitMs
  return { crashes, state: { is: 'failed', build: state.build, since: now, failure, retryAt } }
}
