import type { RolloutSummary } from '@tradewind/protocol'
import type { DeviceDetail, FleetTotals, Store } from '@tradewind/store'
import { newestFirst } from '../enrol/pages'
import { type Attention, readAttention } from '../server/attention'
import { byVariant, type VariantTotal } from './totals'
import type { Work } from './work-today'

export type Overview = {
  attention: Attention
  totals: FleetTotals
  variants: VariantTotal[]
  /** that have not ended, the newest first */
  rollouts: RolloutSummary[]
  /** null: no work was ever told of */
  work: Work | null
  /** the device, where there is but one */
  only: DeviceDetail | null
}

export async function readOverview(store: Store, nowMs: number): Promise<Overview> {
  const [attention, totals, rollouts, work, catalogue] = await Promise.all([
    readAttention(store, nowMs),
    store.fleetTotals(),
    store.rollouts(20),
    readWork(store, nowMs),
    store.catalogue(),
  ])
  return {
    ...{ attention, totals, work, variants: byVariant(totals, catalogue) },
    rollouts: rollouts.filter(({ endedAt }) => endedAt === null),
    only: totals.devices === 1 ? await onlyDevice(store) : null,
  }
}

async function onlyDevice(store: Store): Promise<DeviceDetail | null> {
  const { devices } = await store.pageOfDevices({ ...newestFirst, limit: 1 })
  return devices[0] ? store.device(devices[0].id) : null
}

const weekDays = 7

/** Since midnight where the hub is, and up to the same time of the same day last week, where that is known. */
async function readWork(store: Store, nowMs: number): Promise<Work | null> {
  const sinceMs = await store.workKnownSince()
  if (sinceMs === null) return null
  const today = dayUpTo(nowMs, 0)
  const before = dayUpTo(nowMs, weekDays)
  return {
    today: await store.workDone(today),
    lastWeek: sinceMs <= before.fromMs ? await store.workDone(before) : null,
    weekday: new Date(nowMs).toLocaleDateString('en', { weekday: 'long' }),
  }
}

/** From midnight to this time of the day, so many days ago; days with another length count as the clock shows them. */
function dayUpTo(nowMs: number, daysAgo: number): { fromMs: number; toMs: number } {
  const to = new Date(nowMs)
  to.setDate(to.getDate() - daysAgo)
  return { fromMs: new Date(to).setHours(0, 0, 0, 0), toMs: +to }
}
