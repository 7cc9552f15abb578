import { createRequire } from 'node:module'
import { wavOf } from '../audio/wav'
import { type Capabilities, type Ending, EngineError, type Generation, type Load, type Part } from './engine'
import type { Native } from './native-wire'

/** Of the library only what is used here: its own types are sources, which our compiler settings do not take. */
type Library = {
  BuildInfo: { number: string; commit: string }
  loadModel(options: Record<string, unknown>): Promise<Context>
}
type Context = {
  initMultimodal(options: { path: string; use_gpu: boolean }): boolean
  getMultimodalSupport(): { vision: boolean; audio: boolean }
  tokenize(text: string): Promise<{ tokens: Int32Array }>
  stopCompletion(): void
  completion(options: Record<string, unknown>, onToken: (piece: { token: string }) => void): Promise<Completion>
}
type Completion = {
  text: string
  interrupted: boolean
  context_full: boolean
  timings: { prompt_n: number; prompt_ms: number; predicted_n: number; predicted_ms: number }
}
const require = createRequire(import.meta.url)
const library = () => require('@fugood/llama.node') as Library

/**
 * `@fugood/llama.node`, held so that none of its traps is stepped into: files were checked before; only sound that we wrote
 * ourselves reaches it, as data (any other string it would open as a file); a request that does not fit is refused before it
 * is begun; and it is never asked to release anything, because that kills: the child just ends.
 */
export class LlamaNode implements Native {
  #context: Context | null = null
  #load: Load | null = null

  async load(load: Load): Promise<Capabilities> {
    this.#load = load
    this.#context = await loadModelOf(load)
    const { BuildInfo } = library()
    if (load.projectorPath !== null) {
      const isThere = this.#context.initMultimodal({ path: load.projectorPath, use_gpu: load.gpuLayers > 0 })
      if (!isThere) throw new Error('the projector could not be loaded')
    }
    const hears = load.projectorPath !== null && this.#context.getMultimodalSupport().audio
    return {
      runtime: {
        name: 'llama-node',
        version: (require('@fugood/llama.node/package.json') as { version: string }).version,
        commit: BuildInfo.commit,
      },
      build: load.build,
      hears,
      streams: true,
      schema: true,
      slots: 1,
      contextTokens: load.contextTokens,
      // its binary for this platform holds no vector instructions and runs one thread whatever it is told
      warnings:
        process.platform === 'linux' && process.arch === 'x64' ? ['single-threaded', 'not-for-large-models'] : [],
    }
  }

  async generate(request: Generation, onText: (text: string) => void, signal: AbortSignal): Promise<Ending> {
    const context = this.#context
    if (!context || !this.#load) throw new Error('nothing is loaded')
    const promptTokens = await this.#mustFit(request)
    const began = performance.now()
    let firstAt: number | null = null
    let told = ''
    let hasEnded = false
    // its chat handler puts JSON into a fence of Markdown, which is seen only as a whole
    const isFenced = request.schema !== undefined
    const tell = (text: string) => {
      firstAt ??= performance.now()
      told += text
      if (!isFenced) onText(text)
    }
    const stop = () => context.stopCompletion()
    const completion = context.completion(
      {
        messages: request.turns.map(({ role, parts }) => ({ role, content: parts.map(messagePart) })),
        jinja: true,
        enable_thinking: false,
        reasoning_format: 'none',
        n_predict: Math.min(request.mostTokens, this.#load.contextTokens - promptTokens),
        temperature: request.temperature,
        ...(request.temperature === 0 ? { top_k: 1 } : {}),
        ...(request.topP === undefined ? {} : { top_p: request.topP }),
        ...(request.topK === undefined || request.temperature === 0 ? {} : { top_k: request.topK }),
        ...(request.seed === undefined ? {} : { seed: request.seed }),
        ...(request.stop === undefined ? {} : { stop: request.stop }),
        ...(request.schema === undefined
          ? {}
          : { response_format: { type: 'json_schema', json_schema: { schema: request.schema } } }),
      },
      ({ token }) => {
        if (!hasEnded) tell(token)
      },
    )
    // stopping before the first token leaves its context in disorder: the request is let run until then
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    try {
      const result = await completion
      hasEnded = true
      if (result.interrupted && signal.aborted) throw new EngineError('aborted', 'The request was given up.')
      // its callbacks may come after its end: what they have not told yet is told here
      if (result.text.length > told.length && result.text.startsWith(told)) tell(result.text.slice(told.length))
      if (isFenced) onText(told.replace(/^\s*```(json)?\s*|\s*```\s*$/g, ''))
      const { prompt_n, prompt_ms, predicted_n, predicted_ms } = result.timings
      return {
        finish: result.context_full || predicted_n >= request.mostTokens ? 'length' : 'stop',
        promptTokens: prompt_n,
        generatedTokens: predicted_n,
        promptMs: firstAt === null ? prompt_ms : firstAt - began,
        generationMs: predicted_ms,
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** How many tokens it will read, about. Throws `context-full`: the library would keep only a part and not say so. */
  async #mustFit({ turns }: Generation): Promise<number> {
    const { contextTokens = 0 } = this.#load ?? {}
    let tokens = tokensAround
    for (const part of turns.flatMap(({ parts }) => parts)) {
      if (part.is === 'sound') tokens += Math.ceil((part.samples.length / sampleRate) * tokensPerSoundSecond)
      else tokens += (await this.#context?.tokenize(part.text))?.tokens.length ?? 0
    }
    if (tokens >= contextTokens)
      throw new EngineError(
        'context-full',
        `The request takes about ${tokens} tokens of the ${contextTokens} that are there.`,
        {
          needTokens: tokens,
          contextTokens,
        },
      )
    return tokens
  }
}

const sampleRate = 16_000
/** Sound becomes one token for 40 ms, and a few around it. */
const tokensPerSoundSecond = 26
/** What the template puts around a short conversation. */
const tokensAround = 24

const loadModelOf = (load: Load): Promise<Context> =>
  library().loadModel({
    model: load.modelPath,
    n_ctx: load.contextTokens,
    n_batch: Math.max(load.ubatch, 512),
    n_ubatch: load.ubatch,
    n_threads: load.threads,
    n_gpu_layers: load.gpuLayers,
    n_parallel: 1,
    cache_type_k: load.cacheType,
    cache_type_v: load.cacheType,
    use_mmap: true,
  })

/** Where sound goes in the text that the library makes of a message. */
const mediaMarker = /<__media__>/g

function messagePart(part: Part) {
  if (part.is === 'text') return { type: 'text', text: part.text.replace(mediaMarker, '<__media__ >') }
  const data = `data:audio/wav;base64,${Buffer.from(wavOf(part.samples)).toString('base64')}`
  return { type: 'input_audio', input_audio: { format: 'wav', data } }
}
