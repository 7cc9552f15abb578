import { type Capabilities, type Ending, EngineError, type Generation, type Load } from './engine'
import type { Native } from './native-wire'

type Library = typeof import('node-llama-cpp')
type Llama = Awaited<ReturnType<Library['getLlama']>>
type Model = Awaited<ReturnType<Llama['loadModel']>>
type Context = Awaited<ReturnType<Model['createContext']>>

/** `node-llama-cpp`: text only. It never builds or downloads anything here, and is always told how long its context is. */
export class NodeLlamaCpp implements Native {
  #held: { library: Library; llama: Llama; model: Model; context: Context } | null = null

  async load(load: Load): Promise<Capabilities> {
    const library = await import('node-llama-cpp')
    const llama = await library.getLlama({
      build: 'never',
      gpu: load.gpuLayers > 0 ? 'auto' : false,
      skipDownload: true,
    })
    const model = await llama.loadModel({ modelPath: load.modelPath, gpuLayers: load.gpuLayers })
    const context = await model.createContext({
      contextSize: load.contextTokens,
      threads: load.threads,
      batchSize: load.ubatch,
    })
    this.#held = { library, llama, model, context }
    return {
      runtime: {
        name: 'node-llama-cpp',
        version: await library.getModuleVersion(),
        commit: llama.llamaCppRelease.release,
      },
      build: load.build,
      hears: false,
      streams: true,
      schema: true,
      slots: 1,
      contextTokens: load.contextTokens,
      // it can hold another kind, by an option that its makers call unstable
      warnings: load.cacheType === 'f16' ? [] : ['cache-is-f16'],
    }
  }

  async generate(request: Generation, onText: (text: string) => void, signal: AbortSignal): Promise<Ending> {
    if (!this.#held) throw new Error('nothing is loaded')
    const { library, llama, model, context } = this.#held
    const prompt = model.tokenize(promptOf(request), true)
    const room = context.contextSize - prompt.length
    if (room < 1)
      throw new EngineError(
        'context-full',
        `The request takes ${prompt.length} tokens of the ${context.contextSize} that are there.`,
      )
    const sequence = context.getSequence()
    const began = performance.now()
    let firstAt: number | null = null
    try {
      const completion = new library.LlamaCompletion({ contextSequence: sequence })
      const mostTokens = Math.min(request.mostTokens, room)
      let generated = 0
      const { metadata } = await completion.generateCompletionWithMeta(prompt, {
        maxTokens: mostTokens,
        temperature: request.temperature,
        ...(request.topP === undefined ? {} : { topP: request.topP }),
        ...(request.topK === undefined ? {} : { topK: request.topK }),
        ...(request.seed === undefined ? {} : { seed: request.seed }),
        ...(request.schema === undefined ? {} : { grammar: await grammarOf(llama, request.schema) }),
        customStopTriggers: ['<turn|>', ...(request.stop ?? [])],
        signal,
        stopOnAbortSignal: true,
        onToken: (tokens) => {
          firstAt ??= performance.now()
          generated += tokens.length
        },
        onTextChunk: onText,
      })
      if (metadata.stopReason === 'abort') throw new EngineError('aborted', 'The request was given up.')
      const ended = performance.now()
      return {
        finish: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
        promptTokens: prompt.length,
        generatedTokens: generated,
        promptMs: (firstAt ?? ended) - began,
        generationMs: ended - (firstAt ?? ended),
      }
    } finally {
      sequence.dispose()
    }
  }
}

async function grammarOf(llama: Llama, schema: Record<string, unknown>) {
  try {
    return await llama.createGrammarForJsonSchema(schema as never)
  } catch (error) {
    throw new EngineError('bad-request', `The engine does not take this schema: ${(error as Error).message}`)
  }
}

/** Gemma 4's turns, thinking off. */
function promptOf({ turns }: Generation): string {
  const said = turns.map(({ role, parts }) => {
    const text = parts.map((part) => (part.is === 'text' ? part.text : '')).join('')
    return `<|turn>${role === 'assistant' ? 'model' : role}\n${text.trim()}<turn|>\n`
  })
  return `${said.join('')}<|turn>model\n`
}
