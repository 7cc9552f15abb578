import { createHash } from 'node:crypto'
import { figureNames, workNames } from '@tradewind/protocol'
import { type Database, type Transaction, transact } from './database'
import { newId } from './ids'
import type { Marks } from './marks'
import { upsertMeasured } from './measurements'
import type { IngestBatch, IngestEvent, IngestGroup } from './model'
import { insertWork, type WorkRow } from './work'

/** Capability reports kept per device, the latest included. */
const reportsKept = 50

export const ingest = (db: Database, marks: Marks) => ({
  /**
   * Stores a group whole or not at all; when it returns, the group is on the disk. Samples that were stored before
   * (by stream and sequence number) are left out and counted. Groups must not overlap: await one before the next.
   */
  async commit(group: IngestGroup): Promise<{ stored: number; duplicates: number }> {
    const fresh = withoutDuplicates(group.batches, marks)
    const { rows, work } = rowsOf(fresh, marks.lastId)
    await transact(db, async (tx) => {
      await insertSamples(tx, rows)
      await insertWork(tx, work)
      await insertEvents(tx, group.events)
      await upsertPresences(tx, group.presences)
      await storeReports(tx, group.reports)
      await upsertReported(tx, group.reported)
      await keepBaselines(tx, group.reported)
      await upsertMeasured(tx, group.measured)
    })
    for (const { device, stream, samples } of fresh) {
      const last = samples.at(-1)
      if (last) marks.raise(device, stream, last.seq, last.atMs)
    }
    marks.lastId = rows.at(-1)?.[0] ?? marks.lastId
    const offered = group.batches.reduce((sum, batch) => sum + batch.samples.length, 0)
    return { stored: rows.length, duplicates: offered - rows.length }
  },

  /** Remembers the marks, so that the next start need not read all samples. */
  flushMarks: () => marks.flush(db),
})

function withoutDuplicates(batches: IngestBatch[], marks: Marks): IngestBatch[] {
  const seen = new Map<string, number>()
  return batches.map((batch) => {
    const name = `${batch.device}/${batch.stream}`
    const mark = seen.get(name) ?? marks.seqOf(batch.device, batch.stream)
    const samples = batch.samples.filter(({ seq }) => seq > mark)
    seen.set(name, Math.max(mark, samples.at(-1)?.seq ?? 0))
    return { ...batch, samples }
  })
}

type Row = [id: number, device: number, stream: string, seq: number, atMs: number, ...figures: (number | null)[]]

function rowsOf(batches: IngestBatch[], lastId: number): { rows: Row[]; work: WorkRow[] } {
  let id = lastId
  const work: WorkRow[] = []
  const rows = batches.flatMap(({ device, stream, receivedMs, samples }) =>
    samples.map(({ seq, atMs, figures, work: done }): Row => {
      id = Math.max(id + 1, Math.floor(receivedMs) * idsPerMs)
      if (done) work.push([id, device, atMs, ...workNames.map((name) => done[name] ?? 0)])
      return [id, device, stream, seq, atMs, ...figureNames.map((name) => figures[name] ?? null)]
    }),
  )
  return { rows, work }
}

/** Sample.id counts 1024 receipts a millisecond: safe in a double until the year 2248. */
export const idsPerMs = 1024

const columns = ['id', 'device', 'stream', 'seq', 'at', ...figureNames]
const insertSql = `INSERT INTO Sample (${columns.join(', ')})
  SELECT ${columns.map((_, i) => `value->>${i}`).join(', ')} FROM json_each(?)`

async function insertSamples(tx: Transaction, rows: Row[]) {
  if (rows.length > 0) await tx.$executeRawUnsafe(insertSql, JSON.stringify(rows))
}

export async function insertEvents(tx: Transaction, events: IngestEvent[]) {
  if (events.length === 0) return
  const rows = events.map((e) => [e.id, e.deviceId, e.source, e.code, e.atMs, e.receivedMs, JSON.stringify(e.detail)])
  await tx.$executeRaw`INSERT OR IGNORE INTO Event (id, deviceId, source, code, at, receivedAt, detail)
    SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6
    FROM json_each(${JSON.stringify(rows)})`
}

async function upsertPresences(tx: Transaction, presences: IngestGroup['presences']) {
  if (presences.length === 0) return
  const rows = presences.map((p) => [p.deviceId, p.state, p.start, p.session, p.sinceMs])
  await tx.$executeRaw`INSERT INTO Presence (deviceId, state, start, session, since)
    SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(${JSON.stringify(rows)}) WHERE true
    ON CONFLICT (deviceId) DO UPDATE SET state = excluded.state, start = excluded.start, session = excluded.session,
      since = excluded.since`
}

async function upsertReported(tx: Transaction, reported: IngestGroup['reported']) {
  if (reported.length === 0) return
  const rows = reported.map(({ deviceId, receivedMs, reported: r }) => [
    deviceId,
    r.revisionSeen,
    r.revisionApplied,
    r.failure?.code ?? null,
    r.failure?.detail ?? null,
    receivedMs,
    ...[r.serving, r.seeking, r.smoke, r.holds].map((said) => (said ? JSON.stringify(said) : null)),
  ])
  await tx.$executeRaw`INSERT INTO Sync
    (deviceId, revisionSeen, revisionApplied, failureCode, failureDetail, reportedAt, serving, seeking, smoke, holds)
    SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9
    FROM json_each(${JSON.stringify(rows)}) WHERE true
    ON CONFLICT (deviceId) DO UPDATE SET revisionSeen = excluded.revisionSeen, reportedAt = excluded.reportedAt,
      revisionApplied = excluded.revisionApplied, failureCode = excluded.failureCode,
      failureDetail = excluded.failureDetail, serving = excluded.serving, seeking = excluded.seeking,
      smoke = excluded.smoke, holds = excluded.holds`
}

/** The first of a class that tested a build, and came through, is the canary of the others. */
async function keepBaselines(tx: Transaction, reported: IngestGroup['reported']) {
  const rows = reported.flatMap(({ deviceId, receivedMs, reported: { smoke, seeking } }) =>
    smoke?.answer && smoke.outcome !== 'failed' && seeking?.is === 'converged'
      ? [[deviceId, receivedMs, seeking.build, JSON.stringify(smoke.answer)]]
      : [],
  )
  if (rows.length === 0) return
  await tx.$executeRaw`INSERT OR IGNORE INTO Baseline (build, deviceClass, at, deviceId, body)
    SELECT value->>2, r.deviceClass, value->>1, value->>0, value->>3
    FROM json_each(${JSON.stringify(rows)}) JOIN Device d ON d.id = value->>0 JOIN Report r ON r.id = d.reportId`
}

async function storeReports(tx: Transaction, reports: IngestGroup['reports']) {
  if (reports.length === 0) return
  // a retained report arrives again with every connection: the same one keeps its id, and costs no write
  const rows = reports.map(({ deviceId, report }) => {
    const body = JSON.stringify(report)
    const id = createHash('sha256').update(`${deviceId} ${body}`).digest('hex').slice(0, 24)
    return [id, deviceId, report.at, report.deviceClass, body] as const
  })
  const fresh = await tx.$queryRaw<{ deviceId: string }[]>`
    INSERT OR IGNORE INTO Report (id, deviceId, at, deviceClass, body)
    SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(${JSON.stringify(rows)})
    RETURNING deviceId`
  const latest = JSON.stringify(Object.fromEntries(rows.map(([id, deviceId]) => [deviceId, id])))
  await tx.$executeRaw`UPDATE Device SET reportId = latest.value FROM json_each(${latest}) AS latest
    WHERE Device.id = latest.key AND Device.reportId IS NOT latest.value`
  for (const deviceId of new Set(fresh.map((row) => row.deviceId))) await dropOldReports(tx, deviceId)
}

async function dropOldReports(tx: Transaction, deviceId: string) {
  await tx.$executeRaw`DELETE FROM Report WHERE deviceId = ${deviceId}
    AND id NOT IN (SELECT reportId FROM Device WHERE id = ${deviceId})
    AND id NOT IN (SELECT id FROM Report WHERE deviceId = ${deviceId} ORDER BY at DESC LIMIT ${reportsKept})`
}

/** An event that the hub itself observed. */
export const hubEvent = (
  deviceId: string | null,
  code: string,
  atMs: number,
  detail: IngestEvent['detail'] = {},
): IngestEvent => ({ id: newId(), deviceId, source: 'hub', code, atMs, receivedMs: atMs, detail })
