import { createParser } from 'eventsource-parser'
import { z } from 'zod'
import { type Ending, EngineError, type Piece } from './engine'

/** The longest event that is waited for: no token is that long, and a server that never ends its line takes no memory. */
const longestEvent = 1024 * 1024

const Chunk = z.object({
  choices: z
    .array(
      z.object({ delta: z.object({ content: z.string().nullish() }).nullish(), finish_reason: z.string().nullish() }),
    )
    .default([]),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
})
const Trouble = z.object({
  message: z.string().default(''),
  type: z.string().nullish(),
  code: z.union([z.number(), z.string()]).nullish(),
  n_prompt_tokens: z.number().optional(),
  n_ctx: z.number().optional(),
})
/** Some say what went wrong in an object, some in a sentence. */
const Failure = z.object({ error: z.union([Trouble, z.string().transform((message) => Trouble.parse({ message }))]) })

/**
 * The pieces of a streamed chat completion, however its bytes were cut. `now` in milliseconds; `askedAt` when the request
 * went out. Throws `EngineError`: what the server says went wrong, or `engine-lost` when it breaks off.
 */
export async function* piecesOf(
  bytes: AsyncIterable<Uint8Array>,
  askedAt: number,
  now: () => number,
): AsyncGenerator<Piece> {
  let [finish, promptTokens, generatedTokens, pieces]: [Ending['finish'] | null, number, number, number] = [
    null,
    0,
    0,
    0,
  ]
  let [firstAt, lastAt]: [number | null, number] = [null, askedAt]
  for await (const data of eventsOf(bytes)) {
    if (data === '[DONE]') break
    const { choices, usage } = chunkOf(data)
    if (usage) [promptTokens, generatedTokens] = [usage.prompt_tokens, usage.completion_tokens]
    for (const { delta, finish_reason } of choices) {
      if (finish_reason) finish = finish_reason === 'length' ? 'length' : 'stop'
      if (!delta?.content) continue
      lastAt = now()
      firstAt ??= lastAt
      pieces++
      yield { is: 'text', text: delta.content }
    }
  }
  if (finish === null) throw lost('The engine broke off in the middle of its answer.')
  firstAt ??= now()
  const generationMs = Math.max(0, lastAt - firstAt)
  // a server that does not count sends a piece for each token
  yield {
    is: 'end',
    finish,
    promptTokens,
    generatedTokens: generatedTokens || pieces,
    promptMs: firstAt - askedAt,
    generationMs,
  }
}

/** The data of each server-sent event. */
async function* eventsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const events: string[] = []
  let isTooLong = false
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: ({ data }) => events.push(data),
    onError: ({ type }) => {
      isTooLong ||= type === 'max-buffer-size-exceeded'
    },
  })
  const text = new TextDecoder()
  for await (const piece of bytes) {
    parser.feed(text.decode(piece, { stream: true }))
    yield* events.splice(0)
    if (isTooLong) throw lost(`The engine sent an event of more than ${longestEvent} characters.`)
  }
}

function chunkOf(data: string) {
  const value = jsonOf(data)
  const failure = Failure.safeParse(value)
  if (failure.success) throw failureOf(500, data)
  const chunk = Chunk.safeParse(value)
  if (chunk.success) return chunk.data
  throw lost('The engine sent something that is no chat completion.')
}

/** What the server says when it does not answer. Never holds what was asked of it. */
export function failureOf(status: number, body: string): EngineError {
  const error = Failure.safeParse(jsonOf(body)).data?.error
  const code = typeof error?.code === 'number' ? error.code : status
  const message = error?.message ?? ''
  if (error?.type === 'exceed_context_size_error' || /context (size|length|window)|too many tokens/i.test(message)) {
    const { n_prompt_tokens: promptTokens, n_ctx: contextTokens } = error ?? {}
    const isCounted = promptTokens !== undefined && contextTokens !== undefined
    const detail: Record<string, number> = isCounted ? { promptTokens, contextTokens } : {}
    return new EngineError('context-full', 'The request is longer than the context of this engine.', detail)
  }
  if (code === 501 || /audio input is not supported|does not support audio/i.test(message))
    return new EngineError('unsupported', 'The engine cannot do that with this build.', { status: code })
  if (code === 503 || code === 429)
    return new EngineError('not-ready', 'The engine is not ready yet.', { status: code })
  if (code >= 400 && code < 500)
    return new EngineError('bad-request', 'The engine does not take this request.', { status: code })
  return lost('The engine failed at this request.', { status: code })
}

export const lost = (message: string, detail: Record<string, string | number> = {}) =>
  new EngineError('engine-lost', message, detail)

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
