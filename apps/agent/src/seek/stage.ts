import type { Target } from '@tradewind/fleet'
import type { Engine } from '../engine/engine'

/** Where builds are shown to programs: one at a time. */
export interface Stage {
  readonly engine: Engine
  /** what the engine was told to hold: a revision, the device's own choice, or nothing */
  readonly holds: number | 'own-choice' | null
  /**
   * Loads the build as assigned, in place of what was there. Throws `EngineError` and `ArtifactError`: then it is held in name,
   * and after an abort nothing is.
   */
  hold(target: Target, signal?: AbortSignal): Promise<void>
  /** The device's own choice but for one build; false where there is none. What does not load is a state of the engine. */
  holdOwnChoice(exceptBuild: string): Promise<boolean>
  hasOwnChoice(exceptBuild: string): Promise<boolean>
  /** The same engine holds what was assigned under another revision by now. */
  rename(revision: number): void
  /** Measures what is held, when the machine has come to rest. Returns at once. */
  measure(): void
  letGo(): Promise<void>
}
