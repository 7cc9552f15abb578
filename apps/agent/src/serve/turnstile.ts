import { Rounds } from './rounds'

type Waiter = { client: string; enter: () => void }

/** Lets so many through at the same time, and the others in fair order. */
export class Turnstile {
  #rounds = new Rounds<Waiter>()
  #inside = 0

  constructor(private places: () => number) {}

  get waiting() {
    return this.#rounds.size
  }

  get inside() {
    return this.#inside
  }

  /** Waits for a turn; call what it gives to end it. Rejects with the signal's reason, and waits no longer, when that aborts. */
  turn(client: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        client,
        enter: () => {
          signal.removeEventListener('abort', giveUp)
          resolve(this.#exit())
        },
      }
      const giveUp = () => {
        this.#rounds.remove(client, waiter)
        reject(signal.reason)
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#rounds.add(client, waiter)
      this.admit()
    })
  }

  /** Lets in whoever has room; to be called when there may be more places than before. */
  admit(): void {
    while (this.#inside < this.places()) {
      const next = this.#rounds.take()
      if (!next) return
      this.#inside++
      next.enter()
    }
  }

  #exit() {
    let isInside = true
    return () => {
      if (!isInside) return
      isInside = false
      this.#inside--
      this.admit()
    }
  }
}
