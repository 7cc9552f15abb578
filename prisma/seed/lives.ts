import { publicJwk } from '@tradewind/agent/identity/identity'
import type { CapabilityReport } from '@tradewind/protocol'
import type { IngestGroup, SeedStore, Store } from '@tradewind/store'
import { Body, type Serves } from './body'
import { keyOf, type SeedDevice } from './cast'
import { chance } from './chance'
import { merged, ordinaryAbsences } from './days'
import { eventsOf, presenceOf } from './events'
import { operator } from './people'
import { type Absence, type NewFacts, type Plot, quiet, type Story } from './story'

const [minuteMs, dayMs] = [60_000, 86_400_000]
/** Devices in one command. */
const slice = 500

/** A device, what befalls it, and when it was away. */
export type Life = { device: SeedDevice; plot: Plot; absences: Absence[]; isInStory: boolean }
export type When = { seed: number; nowMs: number; days: number }

export function livesOf(fleet: SeedDevice[], story: Story | undefined, when: When): Life[] {
  const places = new Map(story?.devices(fleet).map(({ id }, i) => [id, i]))
  return fleet.map((device) => {
    const place = places.get(device.id)
    const plot = place === undefined ? quiet : (story?.plot(device, place, when) ?? quiet)
    return { device, plot, absences: absencesOf(device, plot, fleet.length, when), isInStory: place !== undefined }
  })
}

function absencesOf(device: SeedDevice, plot: Plot, devices: number, { seed, nowMs, days }: When): Absence[] {
  const fromMs = Math.max(device.enrolledMs, nowMs - days * dayMs)
  const ordinary = ordinaryAbsences(device, { seed, fromMs, nowMs })
  const isForgotten = device.num === devices - 3 || chance(seed, device.num, 'forgotten') < 0.004
  const unplugged: Absence = { fromMs: nowMs - 3.2 * dayMs, toMs: Number.POSITIVE_INFINITY, how: 'lost' }
  return merged([...plot.absences, ...ordinary, ...(isForgotten && plot === quiet ? [unplugged] : [])])
}

/** Enrolled, and never heard of: somebody flashed a card and left it in a drawer. */
const isInDrawer = ({ device: { num } }: Life, devices: number, seed: number) =>
  num === devices || chance(seed, num, 'drawer') < 0.002

export const heardOf = (lives: Life[], seed: number) => lives.filter((life) => !isInDrawer(life, lives.length, seed))

export async function layFleet(store: SeedStore, lives: Life[], secret: string) {
  for (const some of slices(lives))
    await store.layDevices(
      some.map(({ device: { id, num, name, labels, enrolledMs } }) => ({
        ...{ id, num, name, labels, enrolledMs, actor: operator, publicKey: publicJwk(keyOf(secret, id)).x },
      })),
    )
}

/** What they said of themselves when they came. */
export async function layFirstReports(store: SeedStore, lives: Life[]) {
  for (const some of slices(lives))
    await store.commit(
      groupOf({
        reports: some.map((life) => said(life, { atMs: life.device.enrolledMs + 9_000, facts: life.device.facts })),
      }),
    )
}

/** What they said since, as their story has it. */
export async function layLaterReports(store: SeedStore, lives: Life[]) {
  for (const life of lives)
    for (const news of life.plot.reports.toSorted((a, b) => a.atMs - b.atMs))
      await store.commit(groupOf({ reports: [said(life, news)] }))
}

function said({ device }: Life, { atMs: given, facts }: NewFacts): IngestGroup['reports'][number] {
  const at = Math.round(given)
  const { id: deviceId, agentVersion, deviceClass, kind } = device
  const report: CapabilityReport = { at, agentVersion, deviceClass, facts, unreadable: kind.unreadable }
  return { deviceId, report, receivedMs: at }
}

/** Where each stands now, and what was heard of its comings and goings. */
export async function layPresences(store: SeedStore, lives: Life[], { seed, nowMs, days }: When) {
  const fromMs = nowMs - days * dayMs
  for (const some of slices(lives))
    await store.commit(
      groupOf({
        presences: some.map(({ device, absences }) => presenceOf(device, absences, nowMs)),
        events: some.flatMap(({ device, absences }) => eventsOf(device, absences, { seed, fromMs, nowMs })),
      }),
    )
}

/** Those that are slower than they were have measured it. */
export async function slowDown(store: SeedStore, lives: Life[], nowMs: number) {
  for (const { device, plot } of lives.filter(({ plot }) => plot.speed(nowMs) < 1)) {
    const [then] = (await store.device(device.id))?.measured ?? []
    if (!then) continue
    const share = plot.speed(nowMs)
    const slower = (perSecond: number | undefined) => perSecond && Math.round(perSecond * share * 100) / 100
    const now = {
      ...{ ...then, at: nowMs - 20 * minuteMs, temperatureAfterC: 84.2 },
      ...{ promptPerSecond: slower(then.promptPerSecond), generationPerSecond: slower(then.generationPerSecond) },
      ...(then.realTimeFactor && { realTimeFactor: Math.round((then.realTimeFactor / share) * 100) / 100 }),
    }
    await store.commit(groupOf({ measured: [{ deviceId: device.id, measured: { builds: [now] } }] }))
  }
}

/** With what they serve, so that memory is as full and the engine as fast as it would be. */
export async function bodiesOf(store: Store, lives: Life[], { seed, nowMs, days }: When): Promise<Body[]> {
  const serves = new Map<string, Serves>()
  const measured = new Map((await store.baselines()).map((row) => [`${row.build} ${row.deviceClass}`, row.baseline]))
  for (const some of slices(lives)) {
    const placed = await store.placedDevices(some.map(({ device }) => device.id))
    for (const { id, serving, deviceClass, labels } of placed) {
      if (!serving) continue
      const { generationPerSecond = null, realTimeFactor = null } =
        measured.get(`${serving.build} ${deviceClass}`) ?? {}
      const hears = labels.role === 'counter' || labels.role === 'line'
      const speeds = { tokensPerSecond: generationPerSecond, realTimeFactor: hears ? realTimeFactor : null }
      serves.set(id, { heldBytes: serving.memoryBytes ?? 0, ...speeds })
    }
  }
  return lives.map(
    ({ device, plot, absences }) =>
      new Body(device, plot, absences, serves.get(device.id) ?? null, { seed, fromMs: nowMs - days * dayMs }),
  )
}

const groupOf = (part: Partial<IngestGroup>): IngestGroup => ({
  ...{ batches: [], events: [], presences: [], reports: [], reported: [], measured: [] },
  ...part,
})

function* slices<T>(all: T[]): Generator<T[]> {
  for (let i = 0; i < all.length; i += slice) yield all.slice(i, i + slice)
}
