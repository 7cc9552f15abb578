import { type Decision, explain, measuredBy, preview, sentenceOf, type Workload } from '@tradewind/fleet'
import type { Catalogue, Labels } from '@tradewind/protocol'
import type { PlacedDevice, Store } from '@tradewind/store'
import type { z } from 'zod'
import type { outcomes, PreviewedDevice, PreviewReply } from './operations/placement'
import type { BodyOf } from './operations/table'
import { noSuch } from './problem'

type Ask = BodyOf<'POST /preview'>
type Row = z.infer<typeof PreviewedDevice>
type Outcome = (typeof outcomes)[number]

/** What a build is held for that a person chose without a workload: a short context, as the hub does. */
export const unasked: Workload = { id: 'unasked', useCases: [], context: 4096 }

/** Decides over the fleet, or over the devices that are asked for, and keeps nothing. Throws `ProblemError`. */
export async function previewOf(store: Store, ask: Ask): Promise<z.infer<typeof PreviewReply>> {
  const [fleet, catalogue, workloads, measurements] = await Promise.all([
    devicesOf(store, ask),
    store.catalogue(),
    workloadsOf(store, ask),
    store.measurements(),
  ])
  const byId = new Map(fleet.map((device) => [device.id, device]))
  const rows: Row[] = []
  const look = (id: string, decision: Decision) => {
    const device = byId.get(id)
    if (device) rows.push(decidedRow(device, decision, catalogue))
  }
  const { tied, idle, ...total } = preview(fleet, catalogue, workloads, measuredBy(measurements), look)
  for (const { device, workloads } of tied) rows.push(undecidedRow(byId.get(device), 'tied', workloads))
  for (const device of idle) rows.push(undecidedRow(byId.get(device), 'idle', []))
  return {
    devices: total.devices,
    changes: rows.filter(({ outcome }) => outcome === 'assign' || outcome === 'propose').length,
    counts: {
      assign: total.assigned.length,
      propose: total.proposed.length,
      keep: total.kept.length,
      unresolved: total.unresolved.length,
      refused: total.refused.length,
      tied: tied.length,
      idle: idle.length,
    },
    builds: total.builds,
    refusedBy: total.refusedBy,
    downloadBytes: total.downloadBytes,
    diskBytes: total.diskBytes,
    rows: rows.toSorted(byNeedOfALook).slice(0, ask.limit),
  }
}

async function devicesOf(store: Store, { devices, labels }: Pick<Ask, 'devices' | 'labels'>) {
  const fleet = await store.placedDevices(devices)
  return labels ? fleet.filter((device) => hasLabels(device, labels)) : fleet
}

const hasLabels = (device: Pick<PlacedDevice, 'labels'>, labels: Labels) =>
  Object.entries(labels).every(([name, value]) => device.labels[name] === value)

/** Ids of the devices that are asked for. Those that have not reported are left to the hub to refuse. */
export async function idsOf(store: Store, { devices, labels }: Pick<Ask, 'devices' | 'labels'>): Promise<string[]> {
  if (devices) return [...new Set(devices)]
  const ids = (await devicesOf(store, { labels })).map(({ id }) => id)
  if (ids.length === 0) throw noSuch('device with these labels')
  return ids
}

/**
 * A draft for the whole fleet competes with the other workloads for their devices. What is asked for named devices is
 * for all of them, whatever else would select them.
 */
async function workloadsOf(store: Store, { draft, workload, build, devices, labels }: Ask): Promise<Workload[]> {
  if (draft && !devices && !labels) {
    const others = (await store.workloads()).map((row) => row.workload).filter(({ id }) => id !== draft.id)
    return [...others, draft]
  }
  const base = draft ?? (workload === undefined ? unasked : (await store.workload(workload))?.workload)
  if (!base) throw noSuch('workload')
  const { selects: _, devices: __, ...forAll } = base
  return [build === undefined ? forAll : { ...forAll, pin: build }]
}

function decidedRow({ id, name, serving }: PlacedDevice, decision: Decision, catalogue: Catalogue): Row {
  const { outcome, candidates } = decision
  const build = outcome.kind === 'refused' ? outcome.closest : outcome.build
  const refusals = outcome.kind === 'refused' ? (candidates.find((one) => one.build === build)?.refusals ?? []) : []
  return {
    id,
    name,
    outcome: outcome.kind,
    from: serving?.build ?? null,
    to: outcome.kind === 'refused' ? null : outcome.build,
    refusals,
    words:
      refusals.length > 0
        ? refusals.map((one) => `${build}: ${sentenceOf(one)}`)
        : [explain(decision, catalogue).choice],
    workloads: [],
  }
}

const undecidedRow = (device: PlacedDevice | undefined, outcome: Outcome, workloads: string[]): Row => ({
  id: device?.id ?? '',
  name: device?.name ?? '',
  outcome,
  from: device?.serving?.build ?? null,
  to: null,
  refusals: [],
  words: outcome === 'tied' ? [`${workloads.join(' and ')} have one priority: say which counts`] : [],
  workloads,
})

const inOrder: Outcome[] = ['tied', 'refused', 'unresolved', 'propose', 'assign', 'keep', 'idle']
const byNeedOfALook = (a: Row, b: Row) =>
  inOrder.indexOf(a.outcome) - inOrder.indexOf(b.outcome) || a.name.localeCompare(b.name)
