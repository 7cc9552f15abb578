import {
  type Decision,
  explain,
  isHeldOtherwise,
  measuredBy,
  missingBytes,
  preview,
  remedyOf,
  type Selection,
  sentenceOf,
  tokens,
  type Workload,
  workloadFor,
} from '@tradewind/fleet'
import type { Catalogue, Labels } from '@tradewind/protocol'
import type { LoadTime, PlacedDevice, Store } from '@tradewind/store'
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
  const [fleet, catalogue, workloads, measurements, loadTimes] = await Promise.all([
    devicesOf(store, ask),
    store.catalogue(),
    workloadsOf(store, ask),
    store.measurements(),
    store.loadTimes(),
  ])
  if (ask.build !== undefined && !catalogue.builds.some(({ id }) => id === ask.build)) throw noSuch('build')
  const costs = costsBy(catalogue, loadTimes)
  const byId = new Map(fleet.map((device) => [device.id, device]))
  const concerned = fleet.filter((device) => concerns(ask.draft, workloadFor(device, workloads)))
  const rows: Row[] = []
  const look = (id: string, decision: Decision) => {
    const device = byId.get(id)
    if (device)
      rows.push((ask.draft ? null : waitingRow(device, decision)) ?? decidedRow(device, decision, catalogue, costs))
  }
  const { tied, ...total } = preview(concerned, catalogue, workloads, measuredBy(measurements), look)
  for (const { device, workloads } of tied) rows.push(undecidedRow(byId.get(device), 'tied', workloads))
  const decided = new Set(concerned)
  const elsewhere = fleet.filter((device) => !decided.has(device))
  for (const device of elsewhere) rows.push(undecidedRow(device, 'idle', []))
  return {
    devices: fleet.length,
    changes: rows.filter(isChange).length,
    leaving: elsewhere.filter(({ assigned }) => assigned?.workloadId === ask.draft?.id).length,
    counts: countsOf(rows),
    moves: movesOf(rows),
    stops: stopsOf(rows),
    builds: total.builds,
    refusedBy: total.refusedBy,
    downloadBytes: total.downloadBytes,
    diskBytes: total.diskBytes,
    rows: rows.toSorted(byNeedOfALook).slice(0, ask.limit),
  }
}

/** A draft is looked at with the devices that it would decide about; what other workloads do elsewhere is no part of it. */
const concerns = (draft: Workload | undefined, selection: Selection) =>
  draft === undefined ||
  (selection.kind === 'one' && selection.workload.id === draft.id) ||
  (selection.kind === 'tie' && selection.workloads.some(({ id }) => id === draft.id))

const countsOf = (rows: Row[]) =>
  Object.fromEntries(
    inOrder.map((outcome) => [outcome, rows.filter((row) => row.outcome === outcome).length]),
  ) as Record<Outcome, number>

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

type Costs = Pick<Row, 'downloadBytes' | 'stopMs'>
const noCosts: Costs = { downloadBytes: 0, stopMs: 0 }

/** What a device must fetch for a build, and for how long it does not serve: while the new build is loaded. */
function costsBy({ builds }: Catalogue, loadTimes: LoadTime[]) {
  const files = new Map(builds.map(({ id, files }) => [id, files]))
  const times = new Map(loadTimes.map(({ build, deviceClass, loadMs }) => [`${build} ${deviceClass}`, loadMs]))
  return ({ deviceClass, holds, serving }: PlacedDevice, build: string): Costs => ({
    downloadBytes: missingBytes(files.get(build) ?? [], holds),
    stopMs: isHolding(serving) ? (times.get(`${build} ${deviceClass}`) ?? null) : 0,
  })
}

/** What is not in memory does not stop. */
const isHolding = (serving: PlacedDevice['serving']) =>
  serving?.memoryBytes !== undefined || serving?.cardBytes !== undefined

const isChange = ({ outcome }: Row) => outcome === 'assign' || outcome === 'propose'

function movesOf(rows: Row[]): z.infer<typeof PreviewReply>['moves'] {
  const moves = new Map<string, z.infer<typeof PreviewReply>['moves'][number]>()
  for (const { outcome, from, to, downloadBytes } of rows) {
    if (outcome === 'idle') continue
    const key = JSON.stringify([outcome, from, to])
    const move = moves.get(key) ?? { outcome, from, to, devices: 0, downloadBytes: 0 }
    moves.set(key, { ...move, devices: move.devices + 1, downloadBytes: move.downloadBytes + downloadBytes })
  }
  return [...moves.values()].toSorted((a, b) => b.devices - a.devices)
}

function stopsOf(rows: Row[]) {
  const stopping = rows.filter(({ stopMs }) => stopMs !== 0)
  const known = stopping.flatMap(({ stopMs }) => stopMs ?? [])
  return { devices: stopping.length, known: known.length, longestMs: known.length > 0 ? Math.max(...known) : null }
}

/** A build that a person names is meant, even where the device would rather keep what it has until its files are resolved. */
function waitingRow({ id, name, serving }: PlacedDevice, { outcome, candidates, workload }: Decision): Row | null {
  const meant = candidates.find(({ build }) => build === workload.pin)
  if (!meant || outcome.kind !== 'keep' || outcome.build === meant.build) return null
  const { build, refusals } = meant
  return {
    ...{ id, name, outcome: 'unresolved', from: serving?.build ?? null, to: build, ...noCosts, gain: null, refusals },
    ...{ needs: refusals.map(remedyOf), words: refusals.map((one) => `${build}: ${sentenceOf(one)}`), workloads: [] },
  }
}

function decidedRow(
  device: PlacedDevice,
  decision: Decision,
  catalogue: Catalogue,
  costs: ReturnType<typeof costsBy>,
): Row {
  const { id, name, serving } = device
  const { outcome, candidates } = decision
  const build = outcome.kind === 'refused' ? outcome.closest : outcome.build
  const fit = candidates.find((one) => one.build === build)?.fit
  const isHeldAnew =
    outcome.kind === 'keep' &&
    fit !== undefined &&
    device.assigned !== null &&
    isHeldOtherwise(device.assigned.options, fit)
  const refusals = outcome.kind === 'refused' ? (candidates.find((one) => one.build === build)?.refusals ?? []) : []
  const changes = outcome.kind === 'assign' || outcome.kind === 'propose' || isHeldAnew
  return {
    id,
    name,
    outcome: isHeldAnew ? 'propose' : outcome.kind,
    from: serving?.build ?? null,
    to: outcome.kind === 'refused' ? null : outcome.build,
    ...(changes ? costs(device, outcome.build) : noCosts),
    gain: outcome.kind === 'propose' ? outcome.gain : null,
    refusals,
    needs: refusals.map(remedyOf),
    words:
      refusals.length > 0
        ? refusals.map((one) => `${build}: ${sentenceOf(one)}`)
        : isHeldAnew && fit
          ? [`${build} is held for ${tokens(fit.options.context)} of context, ${fit.options.slots} at once`]
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
  ...noCosts,
  gain: null,
  refusals: [],
  needs: outcome === 'tied' ? ['one of them to have a higher priority, or other labels'] : [],
  words: outcome === 'tied' ? [`${workloads.join(' and ')} have the same priority, so none counts`] : [],
  workloads,
})

const inOrder: Outcome[] = ['tied', 'refused', 'unresolved', 'propose', 'assign', 'keep', 'idle']
const byName = new Intl.Collator('en')
const byNeedOfALook = (a: Row, b: Row) =>
  inOrder.indexOf(a.outcome) - inOrder.indexOf(b.outcome) || byName.compare(a.name, b.name)
