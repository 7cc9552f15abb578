import { createRequire } from 'node:module'
import { wavOf } from '../audio/wav'
import { type Capabilities, type Ending, EngineError, type Generation, type Load, type Part, type Turn } from './engine'
import { gated } from './native-llama-node-gate'
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
  /** the prompt and the answer together, whatever was still known from before */
  tokens_evaluated: number
  tokens_predicted: number
  stopped_limited: boolean
  context_full: boolean
  timings: { prompt_ms: number; predicted_ms: number }
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
    const room = await this.#roomFor(request)
    const began = performance.now()
    let firstAt: number | null = null
    let told = ''
    let tokens = 0
    let hasEnded = false
    // its chat handler puts JSON into a fence of Markdown, which is seen only as a whole
    const isFenced = request.schema !== undefined
    const tell = (text: string) => {
      firstAt ??= performance.now()
      told += text
      if (!isFenced) onText(text)
    }
    const stop = () => context.stopCompletion()
    const completion = begun(context, optionsOf(request, room), ({ token }) => {
      tokens++
      if (!hasEnded) tell(token)
    })
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    try {
      const result = await completion
      hasEnded = true
      if (result.interrupted && signal.aborted) throw new EngineError('aborted', 'The request was given up.')
      // its callbacks may come after its end: what they have not told yet is told here
      if (result.text.length > told.length && result.text.startsWith(told)) tell(result.text.slice(told.length))
      if (isFenced) onText(told.replace(/^\s*```(json)?\s*|\s*```\s*$/g, ''))
      const { prompt_ms, predicted_ms } = result.timings
      return {
        finish: result.context_full || result.stopped_limited ? 'length' : 'stop',
        promptTokens: result.tokens_evaluated - result.tokens_predicted,
        // by its own count the first token after a new prompt is none
        generatedTokens: Math.max(tokens, result.tokens_predicted),
        promptMs: firstAt === null ? prompt_ms : firstAt - began,
        generationMs: predicted_ms,
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** How many tokens are left for the answer, about. Throws `context-full`: the library would keep a part and not say so. */
  async #roomFor({ turns }: Generation): Promise<number> {
    const { contextTokens = 0 } = this.#load ?? {}
    let tokens = turns.length * tokensAroundTurn
    for (const part of turns.flatMap(({ parts }) => parts)) {
      if (part.is === 'sound') tokens += Math.ceil((part.samples.length / sampleRate) * tokensPerSoundSecond)
      else tokens += (await this.#context?.tokenize(part.text))?.tokens.length ?? 0
    }
    if (tokens >= contextTokens)
      throw new EngineError(
        'context-full',
        `The request takes about ${tokens} tokens of the ${contextTokens} that are there.`,
        { needTokens: tokens, contextTokens },
      )
    return contextTokens - tokens
  }
}

const sampleRate = 16_000
/** Sound becomes one token for 40 ms, and a few around it. */
const tokensPerSoundSecond = 26
/** What the template puts around a turn and its sound. */
const tokensAroundTurn = 12
/** Of less the library makes no features, and ends its process over it: silence is added. */
const leastSamples = sampleRate / 10

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

/**
 * Begins a completion. Throws `bad-request`: what the library says before it has queued anything is about the request, such as a
 * schema or a template that it does not take; except that it is in disorder itself.
 */
function begun(context: Context, options: Record<string, unknown>, onToken: (piece: { token: string }) => void) {
  try {
    return gated(() => context.completion(options, onToken))
  } catch (error) {
    const { message } = error as Error
    if (/is in progress|is disposed/.test(message)) throw error
    throw new EngineError('bad-request', `The engine does not take this request: ${message}`)
  }
}

/** By the template of the file, its thinking off; its chat handler puts what a schema binds into a grammar. */
const optionsOf = ({ turns, mostTokens, temperature, topP, topK, seed, stop, schema }: Generation, room: number) => ({
  messages: messagesOf(turns),
  jinja: true,
  enable_thinking: false,
  reasoning_format: 'none',
  n_predict: Math.min(mostTokens, room),
  temperature,
  ...(temperature === 0 ? { top_k: 1 } : {}),
  ...(topP === undefined ? {} : { top_p: topP }),
  ...(topK === undefined || temperature === 0 ? {} : { top_k: topK }),
  ...(seed === undefined ? {} : { seed }),
  ...(stop === undefined ? {} : { stop }),
  ...(schema === undefined ? {} : { response_format: { type: 'json_schema', json_schema: { schema } } }),
})

const messagesOf = (turns: Turn[]) => turns.map(({ role, parts }) => ({ role, content: parts.map(messagePart) }))

function messagePart(part: Part) {
  if (part.is === 'text') return { type: 'text', text: part.text }
  const data = `data:audio/wav;base64,${Buffer.from(wavOf(atLeast(leastSamples, part.samples))).toString('base64')}`
  return { type: 'input_audio', input_audio: { format: 'wav', data } }
}

function atLeast(length: number, samples: Float32Array): Float32Array {
  if (samples.length >= length) return samples
  const longer = new Float32Array(length)
  longer.set(samples)
  return longer
}
