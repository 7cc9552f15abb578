import type { Presence, PresenceState } from '@tradewind/protocol'

/** What is known of a device's presence; `sinceMs` is the hub's time of the last change of state. */
export type KnownPresence = { state: PresenceState; start: number; session: number; sinceMs: number }

/**
 * The presence after a message. Starts and the sessions within them only ever rise, so a will that the broker
 * publishes late, for a connection or a start that is already over, changes nothing.
 */
export function presenceAfter(known: KnownPresence | undefined, said: Presence, nowMs: number): KnownPresence {
  if (known && isOlder(said, known)) return known
  const { state, start, session } = said
  const sinceMs = known?.state === state ? known.sinceMs : nowMs
  return { state, start, session, sinceMs }
}

const isOlder = (said: Presence, known: KnownPresence) =>
  said.start < known.start || (said.start === known.start && said.session < known.session)

/**
 * A device that is shown online without a live connection is lost once the grace has passed. Wills do not survive
 * a crash of the hub; this does, because it is asked again and again.
 */
export function presenceWithout(
  known: KnownPresence,
  connectionGoneSinceMs: number,
  nowMs: number,
  graceMs: number,
): KnownPresence {
  const lost = known.state === 'online' && nowMs - connectionGoneSinceMs >= graceMs
  return lost ? { ...known, state: 'lost', sinceMs: nowMs } : known
}
