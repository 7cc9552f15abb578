import type { IngestEvent } from '@tradewind/store'
import { idOf, type SeedDevice } from './cast'
import { between, chance } from './chance'
import type { Absence } from './story'

const [secondMs, dayMs] = [1_000, 86_400_000]
/** From when the last word came until the hub calls a device lost. */
export const lostAfterMs = 45 * secondMs

/** What hub and device said of the times in which it was away, and of an engine that crashed now and then. */
export function eventsOf(device: SeedDevice, absences: Absence[], of: { seed: number; fromMs: number; nowMs: number }) {
  const { seed, fromMs, nowMs } = of
  const { id, num, agentVersion } = device
  const event = (source: IngestEvent['source'], code: string, given: number, detail: IngestEvent['detail'] = {}) => {
    const atMs = Math.round(given)
    return { id: idOf(id, code, atMs), deviceId: id, source, code, atMs, receivedMs: atMs, detail }
  }
  const coming = (atMs: number, start: number) => [
    event('device', 'agent-started', atMs - 2 * secondMs, { version: agentVersion, start }),
    event('hub', 'presence-online', atMs),
  ]
  const comings = absences.flatMap((one, i) => {
    const left = event('hub', `presence-${one.how}`, one.fromMs + (one.how === 'lost' ? lostAfterMs : 0))
    if (one.toMs > nowMs) return [left]
    return [left, ...(one.how === 'sleeping' ? [event('hub', 'presence-online', one.toMs)] : coming(one.toMs, i + 2))]
  })
  const crashes: IngestEvent[] = []
  for (let atMs = fromMs; atMs < nowMs - dayMs; atMs += dayMs)
    if (chance(seed, num, Math.floor(atMs / dayMs), 'crash') < 0.008)
      crashes.push(
        event('device', 'engine-crashed', atMs + between(0, dayMs, seed, num, atMs), {
          code: 'out-of-memory',
          givenUp: false,
        }),
      )
  const first = device.enrolledMs > fromMs ? coming(device.enrolledMs + 8 * secondMs, 1) : []
  return [...first, ...comings, ...crashes].filter(({ atMs }) => atMs <= nowMs)
}

/** Where it stands now: as its last absence left it. */
export function presenceOf(device: SeedDevice, absences: Absence[], nowMs: number) {
  const last = absences.at(-1)
  const starts = absences.filter(({ how, toMs }) => how !== 'sleeping' && toMs <= nowMs).length + 1
  const about = { deviceId: device.id, start: starts, session: absences.length + 1 }
  if (!last) return { ...about, state: 'online' as const, sinceMs: device.enrolledMs }
  if (last.toMs <= nowMs) return { ...about, state: 'online' as const, sinceMs: Math.round(last.toMs) }
  return { ...about, state: last.how, sinceMs: Math.round(last.fromMs + (last.how === 'lost' ? lostAfterMs : 0)) }
}
