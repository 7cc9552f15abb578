import type { Answer, ProblemCode, TrialReply, TrialWish } from '@tradewind/protocol'
import type { StoreThread } from '@tradewind/store'
import type { Roster } from '../admission/roster'
import type { Asks } from '../asks'
import type { Clips } from './clips'

/** Milliseconds that a person waits for a device to hear: one that is slower than live needs them. */
const patienceMs = 240_000

export type Trial = {
  deviceId: string
  wish: TrialWish
  actor: string
  body: AsyncIterable<Uint8Array>
  /** aborts when the person goes away or cancels */
  signal: AbortSignal
}
export type Tried =
  | { ok: true; reply: TrialReply }
  | { ok: false; code: ProblemCode; detail?: Record<string, string | number> }

/**
 * People try devices: a clip goes in, what the device heard comes out. Neither is stored or logged here; the audit
 * learns who tried which device with how many bytes, before the device is asked.
 */
export class Trials {
  constructor(private parts: { roster: Roster; clips: Clips; asks: Asks; store: StoreThread; now: () => number }) {}

  async try({ deviceId, wish, actor, body, signal }: Trial): Promise<Tried> {
    const { roster, clips, asks, store, now } = this.parts
    const startedMs = now()
    const clip = await clips.take(deviceId, body)
    if (typeof clip === 'string') return { ok: false, code: clip }
    try {
      if (!roster.get(deviceId)?.isConnected) return unreachable('not-connected')
      await store.noteTrial(deviceId, clip.bytes, actor)
      const askedMs = now()
      const asked = await asks.ask(deviceId, { kind: 'try', clip, ...wish }, { patienceMs, signal })
      if (!asked.ok) return asked.why === 'no-answer' ? { ok: false, code: 'timed-out' } : unreachable(asked.why)
      const spent = { clipBytes: clip.bytes, uploadMs: askedMs - startedMs, deviceMs: now() - askedMs }
      return triedOf(asked.answer.answer, spent)
    } finally {
      clips.drop(clip.path)
    }
  }
}

const unreachable = (why: string): Tried => ({ ok: false, code: 'device-unreachable', detail: { why } })

/** What devices refuse with that has a sentence of its own here; all else is `not-heard`, with the device's code. */
const ownCodes = ['not-serving', 'busy', 'language-unknown', 'clip-gone', 'timed-out', 'too-large'] as const

function triedOf(answer: Answer['answer'], spent: Omit<TrialReply, 'heard'>): Tried {
  if (answer.kind === 'heard') {
    const { kind: _, ...heard } = answer
    return { ok: true, reply: { heard, ...spent } }
  }
  if (answer.kind !== 'failed') return { ok: false, code: 'not-heard', detail: { code: `answered-${answer.kind}` } }
  const { code, detail, retryAfterSeconds } = answer
  const own = ownCodes.find((one) => one === code)
  return {
    ok: false,
    code: own ?? 'not-heard',
    detail: { code, detail, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
  }
}
