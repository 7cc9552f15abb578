import type { Actor } from '@tradewind/store'

type Open = { actor: Actor; ending: AbortController }
const process = globalThis as { tradewindStreams?: Set<Open> }

/** One set per process: Next.js may load this module more than once. */
function streams(): Set<Open> {
  process.tradewindStreams ??= new Set()
  return process.tradewindStreams
}

/** Aborts when `request` does, after so long, or when whoever reads it may no longer. */
export function openStream(actor: Actor, request: AbortSignal, longestMs: number): AbortSignal {
  const stream: Open = { actor, ending: new AbortController() }
  const signal = AbortSignal.any([request, AbortSignal.timeout(longestMs), stream.ending.signal])
  streams().add(stream)
  signal.addEventListener('abort', () => streams().delete(stream), { once: true })
  return signal
}

/** Ends what these have open. Who still may comes back by itself, so that ending too many costs nothing. */
export function endStreams(whose: (actor: Actor) => boolean) {
  for (const { actor, ending } of streams()) if (whose(actor)) ending.abort()
}

/** What a person reads, and what their API tokens read: a token's name does not say who made it. */
export const endStreamsOf = (email: string) =>
  endStreams((actor) => actor === `user:${email}` || actor.startsWith('api:'))
