import type { HealthProblem } from '@tradewind/fleet'
import { changesOf } from '@tradewind/hub/health/changes'
import { judge, noVitals, takeSamples, type Vitals } from '@tradewind/hub/health/vitals'
import { figureNames } from '@tradewind/protocol'
import type { HealthSource, IngestBatch, ProblemChanges, SeedStore } from '@tradewind/store'
import { type Body, figureCount, sampleEveryMs } from './body'
import { lostAfterMs, presenceOf } from './events'
import type { Life, When } from './lives'
import { operator } from './people'
import { atTime } from './then'

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000]
const slice = 200
const none = (nowMs: number): ProblemChanges => ({ nowMs, begun: [], changed: [], ended: [] })

/**
 * What was wrong, when, and what is wrong now: the hub's own judgement of what devices said, at each moment at which
 * something had changed, and at last of what the store holds of them.
 */
export async function layProblems(store: SeedStore, lives: Life[], bodies: Body[], when: When): Promise<void> {
  const vitals = new Map<Life, Vitals>(lives.map((life) => [life, noVitals()]))
  const bodyOf = new Map(bodies.map((body) => [body.device.id, body]))
  const moments = lives
    .flatMap((life) => momentsOf(life, when).map((atMs) => ({ life, atMs })))
    .sort((a, b) => a.atMs - b.atMs)
  let changes = none(0)
  for (const { life, atMs } of moments) {
    if (atMs - changes.nowMs > 5 * minuteMs) {
      await keep(store, changes)
      changes = none(atMs)
    }
    const known = vitals.get(life) ?? noVitals()
    known.source = sourceAt(life, atMs)
    const body = bodyOf.get(life.device.id)
    if (body) takeSamples(known, samplesBefore(body, atMs), atMs)
    await find(known, life, atMs, changes)
  }
  await keep(store, changes)
  await layCurrent(store, lives, vitals, bodyOf, when.nowMs)
  await acknowledgeOld(store, when.nowMs)
}

/** As the hub would find it now, with everything that is stored. */
async function layCurrent(
  store: SeedStore,
  lives: Life[],
  vitals: Map<Life, Vitals>,
  bodyOf: Map<string, Body>,
  nowMs: number,
) {
  for (let i = 0; i < lives.length; i += slice) {
    const some = lives.slice(i, i + slice)
    const sources = new Map(
      (await store.healthSources(some.map(({ device }) => device.id))).map((source) => [source.deviceId, source]),
    )
    const changes = none(nowMs)
    for (const life of some) {
      const known = vitals.get(life) ?? noVitals()
      known.source = sources.get(life.device.id) ?? null
      const body = bodyOf.get(life.device.id)
      if (body) takeSamples(known, samplesBefore(body, nowMs), nowMs)
      await find(known, life, nowMs, changes)
    }
    await keep(store, changes)
  }
}

async function find(known: Vitals, life: Life, atMs: number, changes: ProblemChanges) {
  const absences = life.absences.filter(({ fromMs, how }) => fromMs + (how === 'lost' ? lostAfterMs : 0) <= atMs)
  const found: HealthProblem[] = judge(
    known,
    { revoked: false, presence: presenceOf(life.device, absences, atMs) } as unknown as Parameters<typeof judge>[1],
    atMs,
  )
  const { begun, changed, ended } = changesOf(life.device.id, known.problems, found, atMs)
  changes.begun.push(...begun)
  changes.changed.push(...changed)
  changes.ended.push(...ended)
  known.problems = found
}

/** When something changes that could be a problem: what it says, whether it is there, how warm it is in a story. */
function momentsOf({ plot, absences, isInStory }: Life, { nowMs, days }: When): number[] {
  const fromMs = nowMs - days * dayMs
  const gone = absences
    .filter(({ how }) => how === 'lost')
    .flatMap(({ fromMs: at, toMs }) => [at + lostAfterMs, at + lostAfterMs + 11 * minuteMs, toMs + minuteMs])
  const said = plot.reports.map(({ atMs }) => atMs + 2_000)
  const hours = isInStory
    ? Array.from({ length: Math.floor((days * dayMs) / hourMs) }, (_, i) => fromMs + i * hourMs)
    : []
  return [fromMs, ...gone, ...said, ...hours]
    .map(Math.round)
    .filter((atMs) => atMs >= fromMs && atMs < nowMs - minuteMs)
}

/** What it had said by then; of the rest nothing is known, which ends no problem. */
function sourceAt({ device, plot }: Life, atMs: number): HealthSource {
  const said = plot.reports.filter((one) => one.atMs <= atMs).sort((a, b) => b.atMs - a.atMs)[0]
  const { facts, atMs: reportMs } = said ?? { facts: device.facts, atMs: device.enrolledMs }
  const report = { atMs: Math.round(reportMs), facts, unreadable: device.kind.unreadable }
  return { deviceId: device.id, report, assignment: null, speed: null, events: null } as unknown as HealthSource
}

function samplesBefore(body: Body, nowMs: number): IngestBatch['samples'] {
  const out = new Float64Array(figureCount)
  return [6, 4, 2].flatMap((ago) => {
    const atMs = nowMs - ago * sampleEveryMs
    if (!body.sampleInto(out, atMs)) return []
    const figures = Object.fromEntries(
      figureNames.flatMap((name, f) => (Number.isNaN(out[f]) ? [] : [[name, out[f] as number]])),
    )
    return [{ seq: atMs, atMs, figures }]
  })
}

/** Somebody knows of what has been wrong for days. */
async function acknowledgeOld(store: SeedStore, nowMs: number) {
  const query = { state: 'open' as const, code: 'lost' as const, severity: null, deviceId: null }
  const { problems } = await store.pageOfProblems({ ...query, nowMs, offset: 0, limit: 500 })
  const old = problems.filter(({ sinceMs }) => sinceMs < nowMs - dayMs).map(({ id }) => id)
  if (old.length === 0) return
  await atTime(nowMs - 2 * dayMs, () =>
    store.acknowledgeProblems(old, 'Unplugged for the refit, back on Monday', operator),
  )
}

const keep = async (store: SeedStore, changes: ProblemChanges) => {
  if (changes.begun.length + changes.changed.length + changes.ended.length > 0) await store.keepProblems(changes)
}
