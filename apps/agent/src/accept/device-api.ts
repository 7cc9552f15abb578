import { EngineName } from '@tradewind/protocol'
import { Agent, FormData, fetch, type RequestInit } from 'undici'
import { z } from 'zod'
import { AcceptError } from './accept-error'
import type { Counts } from './summary'

const Models = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      hears: z.boolean(),
      context_tokens: z.number(),
      runtime: EngineName,
      warnings: z.array(z.string()),
    }),
  ),
})
const Health = z.object({ engine: z.string(), build: z.string().nullable(), failure: z.string().optional() })
const Transcript = z.object({ text: z.string(), duration: z.number().positive(), model: z.string() })
const Refused = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

export type Served = z.infer<typeof Models>['data'][number]
export type Answer = { heard: string; audioSeconds: number; workSeconds: number; waitedSeconds: number }

/** A slow device may need longer than the five minutes after which `fetch` gives up by itself. */
const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 })

/** The device's API as any program on it sees it. Every method throws `AcceptError`, or what `signal` was aborted with. */
export class DeviceApi {
  constructor(
    private readonly place: { url: string; key: string | null },
    private readonly signal: AbortSignal,
  ) {}

  /** What serves here, and hears. */
  async served(): Promise<Served> {
    const health = Health.safeParse((await this.#ask('/healthz')).body)
    if (!health.success) throw this.#strange('/healthz')
    const { engine, build, failure } = health.data
    if (engine !== 'ready')
      throw new AcceptError(
        'not-serving',
        `The engine is ${engine}${build ? `, of ${build}` : ''}${failure ? ` (${failure})` : ''}.`,
        engine === 'loading' ? 'Try again when it is ready.' : "Give the device a build to serve; see the agent's log.",
      )
    const models = Models.safeParse(this.#good(await this.#ask('/v1/models')))
    if (!models.success) throw this.#strange('/v1/models')
    const [served] = models.data.data
    if (!served) throw new AcceptError('not-serving', 'Nothing is served here.', 'Give the device a build to serve.')
    if (!served.hears)
      throw new AcceptError('deaf', `The build ${served.id} takes text only.`, 'Serve one that hears, then try again.')
    return served
  }

  /** Has a clip heard by the build `expected`; `language` null: it is not told. */
  async transcribe(
    file: { name: string; bytes: Uint8Array },
    language: string | null,
    expected: string,
  ): Promise<Answer> {
    const body = new FormData()
    body.set('file', new Blob([new Uint8Array(file.bytes)]), file.name)
    body.set('response_format', 'verbose_json')
    if (language !== null) body.set('language', language)
    const began = performance.now()
    const reply = await this.#ask('/v1/audio/transcriptions', { method: 'POST', body })
    const workSeconds = (performance.now() - began) / 1000
    const told = Transcript.safeParse(this.#good(reply, file.name))
    if (!told.success) throw this.#strange('/v1/audio/transcriptions')
    if (told.data.model !== expected)
      throw new AcceptError(
        'build-changed',
        `${told.data.model} answered where ${expected} had begun.`,
        'Measure again while the device is left to one build.',
      )
    return { heard: told.data.text, audioSeconds: told.data.duration, workSeconds, waitedSeconds: reply.waitedSeconds }
  }

  /** What the engine has done so far; null where `/metrics` does not tell. */
  async counts(): Promise<Counts | null> {
    const { status, text } = await this.#ask('/metrics')
    const of = (name: string) => Number(new RegExp(`^tradewind_${name}_total (\\S+)$`, 'm').exec(text)?.[1])
    const counts = {
      promptTokens: of('prompt_tokens'),
      promptSeconds: of('prompt_seconds'),
      generatedTokens: of('generated_tokens'),
      generationSeconds: of('generation_seconds'),
    }
    return status === 200 && Object.values(counts).every(Number.isFinite) ? counts : null
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Reply> {
    const { url, key } = this.place
    const headers = key === null ? {} : { authorization: `Bearer ${key}` }
    try {
      const response = await fetch(url + path, { ...init, headers, signal: this.signal, dispatcher: patient })
      const text = await response.text()
      return {
        status: response.status,
        text,
        body: parsed(text),
        waitedSeconds: waitedOf(response.headers.get('server-timing')),
      }
    } catch (error) {
      this.signal.throwIfAborted()
      const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException }
      throw new AcceptError(
        'api-down',
        `The API at ${url} does not answer (${cause?.code ?? message}).`,
        'Start the agent on this device, with a build to serve, and the same TRADEWIND_API_HOST and TRADEWIND_API_PORT.',
      )
    }
  }

  /** The body of what went well. */
  #good({ status, body }: Reply, what = 'the request'): unknown {
    if (status === 200) return body
    const refused = Refused.safeParse(body)
    const { code, message } = refused.success
      ? refused.data.error
      : { code: `status ${status}`, message: 'No reason given.' }
    const why = `${what}: ${code}. ${message}`
    if (status === 401)
      throw new AcceptError('wrong-key', why, 'Set TRADEWIND_API_KEY to the one that the agent was started with.')
    if (status === 429)
      throw new AcceptError('device-busy', why, 'Others use the device. Measure again while it is left alone.')
    if (status >= 500)
      throw new AcceptError('engine-lost', why, "See the agent's log for what ended it, then measure again.")
    throw new AcceptError('clip-refused', why, 'Mend the clip or take it out of expected.json.')
  }

  #strange(path: string) {
    return new AcceptError(
      'answer-strange',
      `What answers at ${this.place.url}${path} does not speak as the agent does.`,
      'Check TRADEWIND_API_PORT, and that agent and this command are of one version.',
    )
  }
}

type Reply = { status: number; text: string; body: unknown; waitedSeconds: number }

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** `queue;dur=1.5, engine;dur=320` */
const waitedOf = (timing: string | null) => Number(/queue;dur=([\d.]+)/.exec(timing ?? '')?.[1] ?? 0) / 1000

/** Where the API of this device is, from the agent's own settings. Throws `port-unknown`. */
export function placeOf(env: { TRADEWIND_API_HOST: string; TRADEWIND_API_PORT: number; TRADEWIND_API_KEY?: string }) {
  const { TRADEWIND_API_HOST: host, TRADEWIND_API_PORT: port, TRADEWIND_API_KEY: key = null } = env
  if (port === 0)
    throw new AcceptError(
      'port-unknown',
      'TRADEWIND_API_PORT is 0: the agent took any port that was free.',
      'Set it here to the one that the agent listens on.',
    )
  const loopback: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' }
  const name = loopback[host] ?? host
  return { url: `http://${name.includes(':') ? `[${name}]` : name}:${port}`, key }
}
