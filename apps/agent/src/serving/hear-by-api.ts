import type { Heard } from '@tradewind/protocol'
import { z } from 'zod'
import type { Hear } from '../trial/trials'

export type ApiPlace = { port: number; key: string | null }

/** What of the API's `verbose_json` is needed here. */
const Verbose = z.object({
  text: z.string(),
  transcript: z.string().optional(),
  duration: z.number(),
  segments: z.array(
    z.object({ start: z.number(), end: z.number(), text: z.string(), transcript: z.string().optional() }),
  ),
  model: z.string(),
})
const Refused = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/**
 * Hears for people who try this device, by the device's own API: what they see is what a program gets, its place in the line
 * included. `place` null: nothing is served.
 */
export const hearByApi =
  (place: () => ApiPlace | null, isDemo: () => boolean): Hear =>
  async (clip, { language, targetLanguage }, signal) => {
    const api = place()
    if (!api) return { code: 'not-serving', message: 'no model is served here' }
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(clip)]), 'clip')
    form.set('language', language)
    form.set('response_format', 'verbose_json')
    if (targetLanguage !== undefined) form.set('target_language', targetLanguage)
    const what = targetLanguage === undefined ? 'transcriptions' : 'translations'
    const began = performance.now()
    const response = await fetch(`http://127.0.0.1:${api.port}/v1/audio/${what}`, {
      method: 'POST',
      body: form,
      signal,
      ...(api.key === null ? {} : { headers: { authorization: `Bearer ${api.key}` } }),
    })
    const body: unknown = await response.json()
    const totalMs = performance.now() - began
    if (!response.ok) return refusalOf(body, response.headers.get('retry-after'))
    const told = Verbose.parse(body)
    return { ...heardOf(told, language), ...timingOf(response.headers.get('server-timing')), totalMs, demo: isDemo() }
  }

function refusalOf(body: unknown, retryAfter: string | null) {
  const refused = Refused.safeParse(body)
  const { code, message } = refused.success ? refused.data.error : { code: 'failed', message: 'the API gave no reason' }
  const retryAfterSeconds = Number(retryAfter)
  return { code, message, ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}) }
}

/** The text of a trial is always what was said; its translation stands beside it. */
function heardOf(
  told: z.infer<typeof Verbose>,
  language: string,
): Omit<Heard, 'queueMs' | 'engineMs' | 'totalMs' | 'demo'> {
  const { text, transcript, duration, segments, model } = told
  return {
    ...(transcript === undefined ? { text } : { text: transcript, translation: text }),
    language,
    audioSeconds: duration,
    build: model,
    segments: segments.map(({ start, end, ...one }) => ({ start, end, text: one.transcript ?? one.text })),
  }
}

/** `queue;dur=1.5, engine;dur=320` */
function timingOf(header: string | null): { queueMs: number; engineMs: number } {
  const of = (name: string) => Number(new RegExp(`${name};dur=([\\d.]+)`).exec(header ?? '')?.[1] ?? 0)
  return { queueMs: of('queue'), engineMs: of('engine') }
}
