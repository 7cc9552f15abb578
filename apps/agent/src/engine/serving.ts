import type { Serving } from '@tradewind/protocol'
import type { Capabilities, EngineState } from './engine'

/** The build that is to be served, as people know it. */
export type Served = { build: string; label: string; demo: boolean }

/** What the hub is told of an engine: whole state, made anew from the engine's at each of its changes. */
export function servingOf(
  served: Served,
  state: EngineState,
  runtime: Capabilities['runtime'] | null,
  now: number,
): Serving {
  return {
    ...served,
    state: state.is,
    since: state.is === 'cold' ? now : state.since,
    engine: runtime,
    failure: state.is === 'failed' ? { code: state.failure.code, retryAt: state.retryAt } : null,
  }
}
