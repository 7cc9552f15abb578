import { randomUUID } from 'node:crypto'
import { speech } from '@tradewind/fleet'
import { z } from 'zod'
import type { Capabilities, Ending, Generation, Part, Turn } from '../engine/engine'
import { wholeAnswer } from '../speech/ask'
import { longestSegmentSeconds } from '../speech/hear'
import { readJson } from './body'
import { Events } from './events'
import type { Exchange } from './exchange'
import { model } from './fields'
import { badRequest, Problem } from './problem'
import { decoded, type Generate, inLine, mustHear, type Service, servedBy, serving } from './service'

const mostSchemaCharacters = 32 * 1024

const TextPart = z.object({ type: z.literal('text'), text: z.string() })
const AudioPart = z.object({
  type: z.literal('input_audio'),
  input_audio: z.object({
    data: z.string().describe('base64'),
    format: z.string().describe('looked at, not believed'),
  }),
})
const ContentPart = z.discriminatedUnion('type', [TextPart, AudioPart], {
  error: 'Only parts of the types text and input_audio are taken here; pictures, files and refusals are not.',
})
const TextOnly = z.union([z.string(), z.array(TextPart)])

const Message = z.discriminatedUnion(
  'role',
  [
    z.object({ role: z.enum(['system', 'developer']), content: TextOnly }),
    z.object({ role: z.literal('user'), content: z.union([z.string(), z.array(ContentPart).min(1)]) }),
    z.object({ role: z.literal('assistant'), content: TextOnly }),
  ],
  { error: 'The role must be system, developer, user or assistant; tools are not served here.' },
)
type Message = z.output<typeof Message>

/** A parameter of OpenAI's that is taken only where it changes nothing. */
const only = (value: unknown, why: string) =>
  z
    .unknown()
    .refine((given) => given === null || JSON.stringify(given) === JSON.stringify(value), why)
    .optional()

export const ChatRequest = z.object({
  model,
  messages: z.array(Message).min(1).max(1000),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish().describe("default: Google's advice, 1"),
  top_p: z.number().gt(0).max(1).nullish().describe("default: Google's advice, 0.95"),
  top_k: z.int().min(1).max(1000).nullish().describe("default: Google's advice, 64; OpenAI has no such field"),
  seed: z.int().nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: z.string(), schema: z.record(z.string(), z.unknown()) }),
      }),
    ])
    .nullish(),
  n: only(1, 'Only one answer a request (n: 1) is given here.'),
  tools: only([], 'Tools are not served here. Leave them out.'),
  functions: only([], 'Functions are not served here. Leave them out.'),
  tool_choice: only('none', 'Tools are not served here. Leave tool_choice out.'),
  logprobs: only(false, 'There are no log probabilities here. Leave logprobs out.'),
  top_logprobs: only(0, 'There are no log probabilities here. Leave top_logprobs out.'),
  logit_bias: only({}, 'logit_bias is not served here. Leave it out.'),
  frequency_penalty: only(0, 'frequency_penalty is not served here. Leave it out.'),
  presence_penalty: only(0, 'presence_penalty is not served here. Leave it out.'),
  modalities: only(['text'], 'This model writes text only.'),
  audio: only(null, 'This model writes text only. Leave audio out.'),
  reasoning_effort: only('none', 'Thinking is off here. Leave reasoning_effort out, or say none.'),
})
type ChatRequest = z.output<typeof ChatRequest>

export async function chat(exchange: Exchange, service: Service): Promise<void> {
  const capabilities = serving(service)
  const asked = await readJson(ChatRequest, exchange, service)
  const generation = await generationOf(asked, capabilities, exchange, service)
  await inLine(exchange, service, async (generate) => {
    if (asked.stream) return streamed(asked, generation, generate, capabilities, exchange, service)
    const { text, ...ending } = await wholeAnswer(generate(generation))
    const choice = { index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null }
    exchange.json(
      {
        ...headOf('chat.completion', capabilities, service),
        choices: [{ ...choice, finish_reason: ending.finish }],
        usage: usageOf(ending),
      },
      200,
      servedBy(capabilities.build),
    )
  })
}

/**
 * Streams the answer. All but the text of a chunk is written once beforehand: nothing is done for each token but to put its
 * text between two constants. The head waits for the first piece, so that a failure until then has its own HTTP status.
 */
async function streamed(
  asked: ChatRequest,
  generation: Generation,
  generate: Generate,
  capabilities: Capabilities,
  exchange: Exchange,
  service: Service,
): Promise<void> {
  const head = headOf('chat.completion.chunk', capabilities, service)
  const withUsage = asked.stream_options?.include_usage === true
  const chunk = (choices: object[], usage: object | null = null) =>
    JSON.stringify({ ...head, choices, ...(withUsage && { usage }) })
  const [before, after] = halves(chunk([{ index: 0, delta: { content: mark }, logprobs: null, finish_reason: null }]))

  let events: Events | null = null
  for await (const piece of generate(generation)) {
    if (!events) {
      events = new Events(exchange, service.config.idleMs, servedBy(capabilities.build))
      await events.send(chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]))
    }
    if (piece.is === 'text') await events.send(before + JSON.stringify(piece.text) + after)
    else await endStream(events, piece)
  }

  async function endStream(events: Events, ending: Ending) {
    await events.send(chunk([{ index: 0, delta: {}, logprobs: null, finish_reason: ending.finish }]))
    if (withUsage) await events.send(chunk([], usageOf(ending)))
    events.end()
  }
}

const mark = '\u0000text'
function halves(template: string): [string, string] {
  const [before = '', after = ''] = template.split(JSON.stringify(mark))
  return [before, after]
}

const headOf = (object: string, { build, runtime }: Capabilities, { clock }: Service) => ({
  id: `chatcmpl-${randomUUID()}`,
  object,
  created: Math.floor(clock.now() / 1000),
  model: build,
  system_fingerprint: `${runtime.name} ${runtime.version}`,
})

const usageOf = ({ promptTokens, generatedTokens }: Ending) => ({
  prompt_tokens: promptTokens,
  completion_tokens: generatedTokens,
  total_tokens: promptTokens + generatedTokens,
})

async function generationOf(
  asked: ChatRequest,
  capabilities: Capabilities,
  exchange: Exchange,
  service: Service,
): Promise<Generation> {
  const { sampling } = speech
  const turns: Turn[] = []
  for (const [at, message] of asked.messages.entries())
    turns.push(await turnOf(message, `messages[${at}].content`, capabilities, exchange, service))
  const mostTokens = asked.max_completion_tokens ?? asked.max_tokens ?? service.config.mostTokens
  return {
    turns,
    mostTokens: Math.min(mostTokens, service.config.mostTokens),
    temperature: asked.temperature ?? sampling.temperature,
    topP: asked.top_p ?? sampling.topP,
    topK: asked.top_k ?? sampling.topK,
    seed: asked.seed ?? undefined,
    stop: typeof asked.stop === 'string' ? [asked.stop] : (asked.stop ?? undefined),
    schema: schemaOf(asked, capabilities),
  }
}

/** The schema to bind the answer to. Throws the 400 where the engine cannot. */
function schemaOf({ response_format: format }: ChatRequest, { schema, build }: Capabilities) {
  if (!format || format.type === 'text') return undefined
  if (!schema)
    throw badRequest('unsupported', `The engine of ${build} cannot bind its answer to a schema.`, 'response_format')
  if (format.type === 'json_object') return { type: 'object' }
  if (JSON.stringify(format.json_schema.schema).length > mostSchemaCharacters)
    throw badRequest('schema-too-large', `A schema may have ${mostSchemaCharacters} characters.`, 'response_format')
  return format.json_schema.schema
}

const roles = { system: 'system', developer: 'system', user: 'user', assistant: 'assistant' } as const

/** The sound of a turn goes before its text, wherever it stood: so the model was trained. */
async function turnOf(
  { role, content }: Message,
  param: string,
  capabilities: Capabilities,
  exchange: Exchange,
  service: Service,
): Promise<Turn> {
  if (typeof content === 'string') return { role: roles[role], parts: [{ is: 'text', text: content }] }
  const sounds: Part[] = []
  const texts: Part[] = []
  for (const [at, part] of content.entries())
    if (part.type === 'text') texts.push({ is: 'text', text: part.text })
    else
      sounds.push(await soundOf(part.input_audio.data, `${param}[${at}].input_audio`, capabilities, exchange, service))
  return { role: roles[role], parts: [...sounds, ...texts] }
}

async function soundOf(
  data: string,
  param: string,
  capabilities: Capabilities,
  exchange: Exchange,
  service: Service,
): Promise<Part> {
  mustHear(capabilities, param)
  const { samples, seconds } = await decoded(bytesOf(data, `${param}.data`), param, exchange, service)
  const most = longestSegmentSeconds(capabilities.build)
  if (seconds > most)
    throw new Problem(
      413,
      'audio-too-long',
      `The sound is ${seconds.toFixed(1)} s long; ${capabilities.build} hears ${most} s at once. Cut it, or send it to /v1/audio/transcriptions.`,
      { param },
    )
  return { is: 'sound', samples }
}

/** Node's decoder takes anything for base64 and leaves out what it does not know: look first. */
function bytesOf(data: string, param: string): Buffer {
  const base64 = data.replace(/^data:[^,]{0,100},/, '')
  if (base64 === '' || base64.length % 4 === 1 || !/^[A-Za-z0-9+/\r\n]*={0,2}$/.test(base64))
    throw badRequest(
      'base64-broken',
      'The sound is not base64. Encode the whole file, and send it without a prefix.',
      param,
    )
  return Buffer.from(base64, 'base64')
}
