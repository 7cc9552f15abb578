import { EngineError, type EngineState } from '../engine/engine'

type Status = 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 429 | 500 | 503

type More = {
  /** the parameter that is at fault */
  param?: string
  retryAfterSeconds?: number
  headers?: Record<string, string>
}

/** What a request gets in place of an answer: a code, what happened, and what to do next. Thrown by whoever finds it. */
export class Problem extends Error {
  constructor(
    readonly status: Status,
    readonly code: string,
    message: string,
    readonly more: More = {},
  ) {
    super(message)
  }

  get headers(): Record<string, string> {
    const { retryAfterSeconds, headers } = this.more
    return { ...headers, ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }) }
  }

  /** The shape of OpenAI's errors. */
  get body() {
    return {
      error: { message: this.message, type: typeOf(this.status), code: this.code, param: this.more.param ?? null },
    }
  }
}

function typeOf(status: Status): string {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

/** A request that cannot be answered as it is. `message` says what to send in its place. */
export const badRequest = (code: string, message: string, param?: string) => new Problem(400, code, message, { param })

/** Seconds after which to ask again while the engine comes up, and while it is down for good. */
const whileLoading = 5
const whenGivenUp = 60

/** Why nothing can be answered now; null when the engine is ready. `now` in the engine's own time, ms. */
export function unavailable(state: EngineState, now: number): Problem | null {
  const later = (code: string, message: string, retryAfterSeconds: number) =>
    new Problem(503, code, message, { retryAfterSeconds })
  switch (state.is) {
    case 'ready':
      return null
    case 'cold':
      return later('engine-cold', 'No model is loaded on this device. Assign one to it, then try again.', whenGivenUp)
    case 'loading':
      return later('engine-loading', `The model ${state.build} is being loaded. Try again shortly.`, whileLoading)
    case 'draining':
      return later('engine-draining', `The model ${state.build} is being put away. Try again shortly.`, whileLoading)
    case 'failed': {
      const why = `The engine of ${state.build} failed (${state.failure.code})`
      if (state.retryAt === null)
        return later('engine-failed', `${why} and was given up: see the device's page or the agent's log.`, whenGivenUp)
      const seconds = Math.max(1, Math.ceil((state.retryAt - now) / 1000))
      return later('engine-failed', `${why}; it starts again in about ${seconds} s.`, seconds)
    }
  }
}

/** What an error of the engine means to the client. */
export function problemOfEngine(error: EngineError, state: EngineState, now: number): Problem {
  switch (error.code) {
    case 'context-full':
      return badRequest(
        'context_length_exceeded',
        'The request is longer than the context of this model. Send less text or sound, or ask for fewer tokens.',
      )
    case 'unsupported':
      return badRequest('unsupported', `This build cannot do that: ${error.message}`)
    case 'bad-request':
      return badRequest('engine-refused', `The engine refused the request: ${error.message}`)
    default:
      return (
        unavailable(state, now) ??
        new Problem(503, error.code, 'The engine was lost while it answered. Send the request again.', {
          retryAfterSeconds: 1,
        })
      )
  }
}

/** Any thrown thing as a problem; what nobody foresaw says nothing of its insides. */
export function problemOf(thrown: unknown, state: EngineState, now: number): Problem {
  if (thrown instanceof Problem) return thrown
  if (thrown instanceof EngineError) return problemOfEngine(thrown, state, now)
  return new Problem(500, 'internal', "The agent made a mistake. Its log has this request's entry; please report it.")
}
