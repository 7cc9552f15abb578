import type { Answer, Question } from '@tradewind/protocol'
import { newId } from '@tradewind/store'
import type { Broker } from './broker/broker'

/** Milliseconds a person waits for a device before being told that it does not answer. */
const usualPatienceMs = 20_000
const mostOpen = 100

export type Asked =
  | { ok: true; answer: Answer }
  | { ok: false; why: 'not-connected' | 'no-answer' | 'too-many' | 'withdrawn' }

/** Questions that people put to devices, each with its own pair of topics and an end. */
export class Asks {
  #open = new Map<string, { deviceId: string; end: (asked: Asked) => void }>()

  constructor(private broker: () => Broker) {}

  /** The device is told when its answer is no longer waited for. */
  async ask(
    deviceId: string,
    question: Question,
    { patienceMs = usualPatienceMs, signal }: { patienceMs?: number; signal?: AbortSignal } = {},
  ): Promise<Asked> {
    if (this.#open.size >= mostOpen) return { ok: false, why: 'too-many' }
    if (signal?.aborted) return { ok: false, why: 'withdrawn' }
    const id = newId()
    const ended = new Promise<Asked>((end) => this.#open.set(id, { deviceId, end }))
    const giveUp = (why: 'no-answer' | 'withdrawn') => this.#open.get(id)?.end({ ok: false, why })
    const withdraw = () => giveUp('withdrawn')
    const timer = setTimeout(() => giveUp('no-answer'), patienceMs)
    signal?.addEventListener('abort', withdraw)
    try {
      if (!this.broker().send(deviceId, 'ask', { question }, id)) return { ok: false, why: 'not-connected' }
      const asked = await ended
      if (!asked.ok && asked.why !== 'not-connected')
        this.broker().send(deviceId, 'ask', { question: { kind: 'cancel' } }, id)
      return asked
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', withdraw)
      this.#open.delete(id)
    }
  }

  /** An answer counts only from the device that was asked. */
  answer(deviceId: string, id: string, answer: Answer) {
    const open = this.#open.get(id)
    if (open?.deviceId === deviceId) open.end({ ok: true, answer })
  }

  /** The device's connection ended, or another one began: what was asked over it is not answered any more. */
  lost(deviceId: string) {
    for (const open of this.#open.values())
      if (open.deviceId === deviceId) open.end({ ok: false, why: 'not-connected' })
  }
}
