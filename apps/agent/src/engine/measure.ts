import { speechPrompts } from '@tradewind/fleet'
import { type Ending, type Engine, EngineError, type Generation } from './engine'

/** What a build does on this device, as far as it could be measured. Speeds in tokens a second. */
export type Speeds = {
  promptPerSecond?: number
  generationPerSecond?: number
  /** seconds of work for a second of speech */
  realTimeFactor?: number
}

/** A clip whose words are known, 16 kHz mono. `language` in English: Spanish. */
export type KnownClip = { samples: Float32Array; language: string }

/** Enough to read and to write that the clock's steps do not count. */
const sentences = 'The harbour lies open to the west, and the boats come in with the evening wind. '.repeat(14)
const mostTokens = 64
/** Of fewer tokens nothing can be said. */
const leastTokens = 8

/**
 * Measures a build that is ready: how fast it reads, writes and hears. Takes seconds on a Pi 5, so it is done once after a load
 * and whoever asks meanwhile waits for their turn. Throws `EngineError` when the engine is lost.
 */
export async function measureSpeeds(engine: Engine, clip: KnownClip | null, signal?: AbortSignal): Promise<Speeds> {
  const { hears = false, contextTokens = 0 } = engine.capabilities ?? {}
  const text = contextTokens >= 1024 ? sentences : sentences.slice(0, contextTokens * 2)
  const read = await run(engine, asking(`Retell this at length, in other words:\n${text}`, mostTokens), signal)
  const heard = hears && clip ? await run(engine, hearing(clip, mostTokens), signal) : null
  const generated = read.generatedTokens >= leastTokens ? read : (heard ?? read)
  return {
    ...perSecond('promptPerSecond', read.promptTokens, read.promptMs),
    ...(generated.generatedTokens >= leastTokens
      ? perSecond('generationPerSecond', generated.generatedTokens, generated.generationMs)
      : {}),
    ...(heard && clip
      ? { realTimeFactor: (heard.promptMs + heard.generationMs) / 1000 / (clip.samples.length / 16_000) }
      : {}),
  }
}

const perSecond = (name: 'promptPerSecond' | 'generationPerSecond', tokens: number, ms: number) =>
  ms > 0 && tokens > 0 ? { [name]: tokens / (ms / 1000) } : {}

/** The most likely answer to a text, of so many tokens at most: the same each time. */
export const asking = (text: string, mostTokens: number): Generation => ({
  turns: [{ role: 'user', parts: [{ is: 'text', text }] }],
  mostTokens,
  temperature: 0,
})

/** Likewise, what is spoken in a clip. */
export const hearing = ({ samples, language }: KnownClip, mostTokens: number): Generation => ({
  turns: [
    {
      role: 'user',
      parts: [
        { is: 'sound', samples },
        { is: 'text', text: speechPrompts.transcribe(language) },
      ],
    },
  ],
  mostTokens,
  temperature: 0,
})

async function run(engine: Engine, request: Generation, signal?: AbortSignal): Promise<Ending> {
  for await (const piece of engine.generate(request, signal)) if (piece.is === 'end') return piece
  throw new EngineError('engine-lost', 'The engine ended without an end.')
}
