import type { Capabilities, EngineFailure, Generation, Load, Piece } from './engine'

/** One way of running weights: a native library in a child of ours, or a server that somebody else wrote. */
export interface Runtime {
  readonly name: string
  /** What speaks against this load before any process is started: a file that is broken, an engine that is not there. */
  check(load: Load): Promise<EngineFailure | null>
  /**
   * Starts a process and begins to load. The process is there at once, so that whoever supervises can end it while it
   * loads; throws only when it cannot be started at all.
   */
  start(load: Load): Process
}

/** A process that holds, or is about to hold, weights. It ends when the agent does, however that happens. */
export interface Process {
  readonly pid: number | null
  /** Resolves when it can generate; rejects with `EngineError` when it says that it never will. */
  readonly ready: Promise<Capabilities>
  /** Resolves, never rejects, when the process has ended, by itself or because it was told to. */
  readonly ended: Promise<Exit>
  /**
   * Throws `EngineError`; when the process ends in the middle: `engine-lost`. After an abort the process is ready for the
   * next one, or has ended.
   */
  generate(request: Generation, signal: AbortSignal): AsyncIterable<Piece>
  /** Asks it to end, and after `patienceMs` makes it. Resolves when it has. */
  stop(patienceMs: number): Promise<void>
  /** What it last wrote, for people: at most so many lines, without what anybody said or heard. */
  lastLines(most: number): string[]
}

/** How a process ended. `said`: what it gave as the reason itself, such as a file that it could not load. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null; said: EngineFailure | null }
