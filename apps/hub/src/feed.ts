import type { FigureName } from '@tradewind/protocol'
import { figureNames } from '@tradewind/protocol'
import type { EventRow, IngestBatch, IngestGroup, SamplePoint } from '@tradewind/store'
import type { Roster } from './admission/roster'

/** What the hub tells people's browsers, after it is stored. */
export type News =
  | { kind: 'presence'; data: { deviceId: string; state: string; sinceMs: number } }
  | { kind: 'sample'; data: { deviceId: string; points: SamplePoint[] } }
  | { kind: 'event'; data: EventRow }
  | { kind: 'report' | 'reported' | 'measured'; data: { deviceId: string } }
  | { kind: 'assigned'; data: { deviceIds: string[] } }
  | { kind: 'problems'; data: { deviceIds: string[] } }
  | { kind: 'rollout'; data: { rolloutId: string; state: string } }
  | { kind: 'fleet' | 'proposals'; data: Record<string, never> }

type Listener = (news: News) => void

/** News for whoever listens; a listener that throws is dropped and costs nobody else anything. */
export class Feed {
  #listeners = new Set<Listener>()

  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  say(news: News) {
    for (const listener of this.#listeners)
      try {
        listener(news)
      } catch {
        this.#listeners.delete(listener)
      }
  }

  /** All that a stored group means to people. */
  tell(group: IngestGroup, roster: Roster) {
    if (this.#listeners.size === 0) return
    for (const { deviceId, state, sinceMs } of group.presences)
      this.say({ kind: 'presence', data: { deviceId, state, sinceMs } })
    for (const batch of group.batches) {
      const deviceId = roster.byNum(batch.device)?.deviceId
      if (deviceId) this.say({ kind: 'sample', data: { deviceId, points: pointsOf(batch) } })
    }
    for (const { receivedMs: _, ...event } of group.events) {
      const deviceName = (event.deviceId && roster.get(event.deviceId)?.name) || null
      this.say({ kind: 'event', data: { ...event, deviceName } })
    }
    for (const { deviceId } of group.reports) this.say({ kind: 'report', data: { deviceId } })
    for (const { deviceId } of group.reported) this.say({ kind: 'reported', data: { deviceId } })
    for (const { deviceId } of group.measured) this.say({ kind: 'measured', data: { deviceId } })
  }
}

const pointsOf = (batch: IngestBatch): SamplePoint[] =>
  batch.samples.map(({ atMs, figures }) => {
    const all = Object.fromEntries(figureNames.map((name) => [name, figures[name] ?? null]))
    return { atMs, ...(all as Record<FigureName, number | null>) }
  })
