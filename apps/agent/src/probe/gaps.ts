import type { Fact, FactName, Unreadable } from '@tradewind/protocol'
import { type Files, type Host, HostError, type Measurement } from '../host/host'

/** Asks the host for one fact. Throws when nothing of it can be known; what is partly known comes with its gaps. */
export type Probe<N extends FactName> = (host: Host) => Promise<Probed<N>>
export type Probed<N extends FactName> = { fact?: Fact<N>; unreadable: Unreadable[] }

/** What a probe could not read while it went on with the rest. */
export class Gaps {
  readonly list: Unreadable[] = []

  /** The part, or undefined and an entry in the list. */
  async part<T>(fact: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read()
    } catch (error) {
      this.list.push(unreadableOf(fact, error))
    }
  }

  /** Like `part`, for what most hosts do not have: that it is not there is no gap. */
  async maybe<T>(fact: string, read: () => Promise<T>): Promise<T | undefined> {
    return this.part(fact, () =>
      read().catch((error: unknown) => {
        if (!isAbsent(error)) throw error
        return undefined
      }),
    )
  }

  note(fact: string, code: Unreadable['code'], detail: string) {
    this.list.push({ fact, code, detail })
  }

  /** As many as the report holds; the rest is said to be missing. */
  atMost<T>(max: number, fact: string, items: T[]): T[] {
    if (items.length > max) this.note(fact, 'too-large', `${items.length} found, the first ${max} kept`)
    return items.slice(0, max)
  }
}

export const isAbsent = (error: unknown) => error instanceof HostError && error.code === 'not-present'

export function unreadableOf(fact: string, error: unknown): Unreadable {
  const code = error instanceof HostError ? error.code : 'failed'
  return { fact, code, detail: readable(String((error as Error).message)).slice(0, 300) }
}

/** The first way that leads to an answer. When none does, the error has the first one's code and names all. */
export async function firstOf<T>(...ways: (() => Promise<T>)[]): Promise<T> {
  const errors: unknown[] = []
  for (const way of ways) {
    try {
      return await way()
    } catch (error) {
      errors.push(error)
    }
  }
  const details = errors.map((error) => unreadableOf('', error))
  throw new HostError(details[0]?.code ?? 'failed', details.map(({ detail }) => detail).join('; '))
}

/** The parts that are known: one that is not is left out, rather than said to be undefined. */
export const present = <T extends object>(parts: T): T =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as T

/** One line of text, without control characters; `garbled` when nothing is left, or too much for a fact. */
export function textOf(raw: string, from: string): string {
  const text = readable(raw)
  if (text === '') throw new HostError('garbled', `${from}: empty`)
  if (text.length > 200 || text.includes('\uFFFD')) throw new HostError('garbled', `${from}: ${text.slice(0, 80)}`)
  return text
}

/** A file that holds one whole number of at most 15 digits. */
export async function readWhole(host: Files, path: string): Promise<number> {
  const text = (await host.readFile(path)).trim()
  if (!/^\d{1,15}$/.test(text)) throw new HostError('garbled', `${path}: ${JSON.stringify(text.slice(0, 40))}`)
  return Number(text)
}

/** What the host was measured to do, in bytes per second. */
export async function readRate(host: Host, what: Measurement): Promise<number> {
  const rate = await host.measured(what)
  if (!(rate > 0 && Number.isFinite(rate))) throw new HostError('garbled', `${what}: ${rate} bytes per second`)
  return rate
}

/** Device trees end text with NUL; broken firmware writes anything. */
const readable = (raw: string) =>
  raw
    .replace(/\p{C}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
