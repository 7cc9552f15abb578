/**
 * Who waits, in fair order: of each client one in turn, and of one client the one that came first. Whoever waits is taken
 * after at most one of every other client for each of its own before it, however much the others ask for.
 */
export class Rounds<T> {
  /** in the order of their turns; a client is here exactly while it waits */
  #waiting = new Map<string, T[]>()
  #size = 0

  get size() {
    return this.#size
  }

  add(client: string, one: T): void {
    const own = this.#waiting.get(client)
    if (own) own.push(one)
    else this.#waiting.set(client, [one])
    this.#size++
  }

  /** Takes the next, and puts its client at the end of the round. */
  take(): T | undefined {
    for (const [client, [one, ...rest]] of this.#waiting) {
      this.#waiting.delete(client)
      if (rest.length > 0) this.#waiting.set(client, rest)
      this.#size--
      return one
    }
  }

  /** Forgets one that no longer waits. Does nothing when it was taken before. */
  remove(client: string, one: T): void {
    const own = this.#waiting.get(client)
    const at = own?.indexOf(one) ?? -1
    if (!own || at === -1) return
    own.splice(at, 1)
    if (own.length === 0) this.#waiting.delete(client)
    this.#size--
  }
}
