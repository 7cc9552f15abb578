import { EngineError, type Generation, type Part } from './engine'
import type { Profile } from './openai-server-profiles'

/** What was learned of a server when it became ready: the name of its model, and the number of the profile's thought token. */
export type Learned = { model: string; thoughtToken: number | null }

/** The body of a chat completion: sound before the text that asks about it, as the model was trained. */
export function bodyOf(
  request: Generation,
  profile: Profile,
  { model, thoughtToken }: Learned,
): Record<string, unknown> {
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: request.turns.map(({ role, parts }) => ({ role, content: contentOf(parts) })),
    max_tokens: request.mostTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    seed: request.seed,
    stop: request.stop,
    response_format: request.schema && {
      type: 'json_schema',
      json_schema: { name: 'answer', strict: true, schema: request.schema },
    },
    logit_bias: request.schema && thoughtToken !== null ? [[thoughtToken, false]] : undefined,
    ...profile.thinkingOff,
  }
}

/** Throws `unsupported` for what the engine cannot do, before anything is sent. */
export function checkRequest(request: Generation, { hears, schema }: { hears: boolean; schema: boolean }) {
  const hasSound = request.turns.some(({ parts }) => parts.some(({ is }) => is === 'sound'))
  if (hasSound && !hears) throw new EngineError('unsupported', 'This build does not hear: choose one with a projector.')
  if (request.schema && !schema)
    throw new EngineError('unsupported', 'This engine cannot bind its answer to a JSON schema.')
}

/** A lone text goes as plain text, which every server takes. */
function contentOf(parts: Part[]) {
  const [first] = parts
  if (parts.length === 1 && first?.is === 'text') return first.text
  return [...parts].sort(soundFirst).map(partOf)
}

const soundFirst = (one: Part, other: Part) => Number(other.is === 'sound') - Number(one.is === 'sound')

const partOf = (part: Part) =>
  part.is === 'text'
    ? { type: 'text', text: part.text }
    : { type: 'input_audio', input_audio: { data: wavOf(part.samples).toString('base64'), format: 'wav' } }

const sampleRate = 16_000

/** 16-bit mono wav; what is beyond [-1, 1] is clipped, what is not a number is silence. */
export function wavOf(samples: Float32Array): Buffer {
  const bytes = samples.length * 2
  const wav = Buffer.alloc(44 + bytes)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + bytes, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20) // PCM
  wav.writeUInt16LE(1, 22) // one channel
  wav.writeUInt32LE(sampleRate, 24)
  wav.writeUInt32LE(sampleRate * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(bytes, 40)
  samples.forEach((sample, index) => {
    const clipped = Math.max(-1, Math.min(1, sample || 0))
    wav.writeInt16LE(Math.round(clipped * 32_767), 44 + index * 2)
  })
  return wav
}
