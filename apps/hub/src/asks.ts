import type { Answer, Question } from '@tradewind/protocol'
import { newId } from '@tradewind/store'
import type { Broker } from './broker/broker'

/** Milliseconds a person waits for a device before being told that it does not answer. */
const patienceMs = 20_000
const mostOpen = 100

export type Asked = { ok: true; answer: Answer } | { ok: false; why: 'not-connected' | 'no-answer' | 'too-many' }

/** Questions that people put to devices, each with its own pair of topics and an end. */
export class Asks {
  #open = new Map<string, { deviceId: string; resolve: (answer: Answer) => void }>()

  constructor(private broker: () => Broker) {}

  async ask(deviceId: string, question: Question): Promise<Asked> {
    if (this.#open.size >= mostOpen) return { ok: false, why: 'too-many' }
    const id = newId()
    const answered = new Promise<Answer>((resolve) => this.#open.set(id, { deviceId, resolve }))
    let timer: NodeJS.Timeout | undefined
    const tired = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), patienceMs)
    })
    try {
      if (!this.broker().send(deviceId, 'ask', { question }, id)) return { ok: false, why: 'not-connected' }
      const answer = await Promise.race([answered, tired])
      return answer ? { ok: true, answer } : { ok: false, why: 'no-answer' }
    } finally {
      clearTimeout(timer)
      this.#open.delete(id)
    }
  }

  /** An answer counts only from the device that was asked. */
  answer(deviceId: string, id: string, answer: Answer) {
    const open = this.#open.get(id)
    if (open?.deviceId === deviceId) open.resolve(answer)
  }
}
