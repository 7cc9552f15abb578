import { type Answer, type ClipRef, type Heard, HeardAnswer, type Question, type TrialWish } from '@tradewind/protocol'
import type { Logger } from 'pino'
import { ClipError } from './clip'
import { cutToFit } from './cut'

/** Hears a clip. What it cannot do it returns; it rejects with the signal's abort, or with a failure of its own. */
export type Hear = (clip: Buffer, wish: TrialWish, signal: AbortSignal) => Promise<Heard | NotHeard>
export type NotHeard = { code: string; message: string; retryAfterSeconds?: number }

/** Throws `ClipError` when the clip is not to be had as it was announced. */
export type FetchClip = (clip: ClipRef, signal: AbortSignal) => Promise<Buffer>

type Trial = Extract<Question, { kind: 'try' }>

/** Each trial holds its clip in memory. */
const mostAtOnce = 2
/** After so long one of those that run has usually ended. */
const againSeconds = 15

/** What a device says that has nothing to hear with. */
export const servesNothing: Hear = async () => ({ code: 'not-serving', message: 'no model is served here' })

/**
 * Answers people who try this device. Neither the clip nor what was heard in it is kept, and the log gets only codes.
 * Nobody waits for a trial after the connection ended over which it was asked.
 */
export class Trials {
  #running = new Map<string, AbortController>()

  constructor(private parts: { fetchClip: FetchClip; hear: Hear; log: Logger }) {}

  /** Null when nobody waits for the answer any more. Never rejects. */
  async answer(id: string, trial: Trial): Promise<Answer['answer'] | null> {
    if (this.#running.size >= mostAtOnce)
      return failed({ code: 'busy', message: 'it is being tried already', retryAfterSeconds: againSeconds })
    const ending = new AbortController()
    this.#running.set(id, ending)
    try {
      const answer = await this.#hear(trial, ending.signal)
      return ending.signal.aborted ? null : answer
    } finally {
      this.#running.delete(id)
    }
  }

  cancel(id: string) {
    this.#running.get(id)?.abort()
  }

  cancelAll() {
    for (const ending of this.#running.values()) ending.abort()
  }

  async #hear({ clip, language, targetLanguage }: Trial, signal: AbortSignal): Promise<Answer['answer']> {
    try {
      const bytes = await this.parts.fetchClip(clip, signal)
      const heard = await this.parts.hear(bytes, { language, targetLanguage }, signal)
      if ('code' in heard) return failed(heard)
      return { kind: 'heard', ...HeardAnswer.parse(cutToFit(heard)) }
    } catch (error) {
      const code = codeOf(error)
      if (!signal.aborted) this.parts.log.warn({ code }, 'a trial failed')
      return failed({ code, message: error instanceof ClipError ? error.message : 'it failed while it listened' })
    }
  }
}

const failed = ({ code, message, retryAfterSeconds }: NotHeard): Answer['answer'] => ({
  kind: 'failed',
  code,
  detail: message.slice(0, 300),
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
})

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code !== '' ? code.slice(0, 60) : 'failed'
}
