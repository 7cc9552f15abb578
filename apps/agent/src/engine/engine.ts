/**
 * An engine is what holds a build's weights and answers from them: a process of its own, so that a crash, a kill for want of
 * memory or a hang costs a restart and never the agent. Whoever asks sees this interface; which runtime is behind it
 * (llama-server, llama.node, node-llama-cpp, LiteRT-LM …) shows in `capabilities` alone.
 */
export interface Engine {
  /** where it stands now */
  readonly state: EngineState
  /** what the loaded build can do in this runtime; null unless `state.is` is `ready` or `draining` */
  readonly capabilities: Capabilities | null
  /** Calls back on each change of state, until the returned function is called. */
  onState(callback: (state: EngineState) => void): () => void
  /** Loads a build, after unloading what was there. Rejects with `EngineError` when it gave up or could not begin. */
  load(load: Load, signal?: AbortSignal): Promise<Capabilities>
  /** Lets what runs come to an end (at most 10 s), then ends the process. */
  unload(): Promise<void>
  /**
   * Generates from the turns, piece by piece; the last piece is the end. Ends the generation when the signal aborts or the
   * caller stops iterating. Throws `EngineError`: `not-ready`, `unsupported`, `context-full`, `engine-lost`, `aborted` …
   */
  generate(request: Generation, signal?: AbortSignal): AsyncIterable<Piece>
}

export type EngineState =
  | { is: 'cold' }
  | { is: 'loading'; build: string; since: number }
  | { is: 'ready'; build: string; since: number }
  /** what runs may end, nothing new begins */
  | { is: 'draining'; build: string; since: number }
  /** `retryAt` null: it was given up, and why is the failure */
  | { is: 'failed'; build: string; since: number; failure: EngineFailure; retryAt: number | null }

/** Why an engine is not there, by code. Numbers and words of the runtime are in `detail`. */
export type EngineFailure = { code: EngineFailureCode; detail: Record<string, string | number> }

export const engineFailureCodes = [
  'killed-by-signal',
  'out-of-memory',
  'killed-likely-by-android',
  'ended',
  'hung',
  'bad-file',
  'unsupported',
  'engine-missing',
  'load-timeout',
] as const
export type EngineFailureCode = (typeof engineFailureCodes)[number]

/** What to hold, and how. Sizes in bytes, lengths in tokens. */
export type Load = {
  /** id of the build in the catalogue, such as `e2b-q8_0` */
  build: string
  modelPath: string
  /** null: text only */
  projectorPath: string | null
  contextTokens: number
  /** generations at the same time, each with a context of its own */
  slots: number
  cacheType: 'f16' | 'q8_0' | 'q4_0'
  ubatch: number
  threads: number
  gpuLayers: number
}

export type Capabilities = {
  /** the runtime, its version, and the llama.cpp commit where it has one */
  runtime: { name: string; version: string; commit: string | null }
  build: string
  hears: boolean
  streams: boolean
  /** whether an answer can be bound to a JSON schema */
  schema: boolean
  slots: number
  contextTokens: number
  /** what a person should know before they rely on it, by code: `single-threaded`, `not-for-large-models` … */
  warnings: string[]
}

export type Turn = { role: 'system' | 'user' | 'assistant'; parts: Part[] }
/** Sound is 16 kHz mono in [-1, 1], at most 30 s a part, and stands before the text that asks about it. */
export type Part = { is: 'text'; text: string } | { is: 'sound'; samples: Float32Array }

export type Generation = {
  turns: Turn[]
  /** at most so many tokens are generated */
  mostTokens: number
  /** 0: greedy */
  temperature: number
  topP?: number
  topK?: number
  seed?: number
  stop?: string[]
  /** JSON schema that the answer must satisfy */
  schema?: Record<string, unknown>
}

/** Thinking is off, and what leaks of it was stripped. */
export type Piece = { is: 'text'; text: string } | ({ is: 'end' } & Ending)

export type Ending = {
  finish: 'stop' | 'length'
  promptTokens: number
  generatedTokens: number
  /** milliseconds to the first token, the sound's encoding included */
  promptMs: number
  generationMs: number
}

export type EngineErrorCode =
  | 'not-ready'
  | 'unsupported'
  | 'context-full'
  | 'engine-lost'
  | 'bad-request'
  | 'aborted'
  | EngineFailureCode

export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    readonly detail: Record<string, string | number> = {},
  ) {
    super(message)
  }
}
