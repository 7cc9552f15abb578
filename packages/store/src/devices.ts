import { createHash } from 'node:crypto'
import { syncOf } from '@tradewind/fleet'
import {
  type Assignment,
  type BuildMeasured,
  type CapabilityReport,
  fingerprintOf,
  type PresenceState,
  type Seeking,
  type Serving,
  type SmokeResult,
} from '@tradewind/protocol'
import { type Actor, audit } from './audit'
import { type Database, transact } from './database'
import type { Assignment as AssignmentRecord, Sync as SyncRecord } from './generated/client/client'
import { newId } from './ids'
import type { AssignmentCause, DeviceDetail, DeviceRow, RosterEntry } from './model'

export const devices = (db: Database) => ({
  async listDevices(): Promise<DeviceRow[]> {
    return (await db.$queryRawUnsafe<ListRow[]>(`${listSql} ORDER BY d.name, d.id`)).map(deviceRow)
  },

  async device(id: string): Promise<DeviceDetail | null> {
    const [row] = await db.$queryRawUnsafe<ListRow[]>(`${listSql} WHERE d.id = ?`, id)
    const more = await db.device.findUnique({
      where: { id },
      include: {
        keys: true,
        report: true,
        sync: true,
        presence: true,
        measured: { orderBy: { at: 'desc' } },
        labels: true,
        assignments: { orderBy: { revision: 'desc' }, take: 1, omit: { decision: true } },
      },
    })
    if (!row || !more) return null
    const body = more.report?.body as unknown as CapabilityReport | undefined
    return {
      ...deviceRow(row),
      report: body ? { atMs: body.at, facts: body.facts, unreadable: body.unreadable } : null,
      assignment: more.sync && {
        assignedRevision: more.sync.assignedRevision,
        revisionSeen: more.sync.revisionSeen,
        revisionApplied: more.sync.revisionApplied,
        latest: more.assignments[0] ? latestOf(more.assignments[0]) : null,
      },
      failure: failureOf(more.sync),
      serving: (more.sync?.serving as unknown as Serving) ?? null,
      seeking: (more.sync?.seeking as unknown as Seeking) ?? null,
      smoke: (more.sync?.smoke as unknown as SmokeResult) ?? null,
      labels: Object.fromEntries(more.labels.map(({ name, value }) => [name, value])),
      measured: more.measured.map(({ body }) => body as unknown as BuildMeasured),
      start: more.presence?.start ?? null,
      keys: more.keys.map((key) => ({
        fingerprint: fingerprintOf(thumbprintOf(key.publicKey)),
        createdMs: +key.createdAt,
        replacedMs: key.replacedAt && +key.replacedAt,
      })),
    }
  },

  /** Somebody gives a device a clip to hear: who, which and how much, never what. */
  async noteTrial(deviceId: string, clipBytes: number, actor: Actor): Promise<void> {
    await transact(db, (tx) => audit(tx, actor, 'device-tried', deviceId, { bytes: clipBytes }))
  },

  /** False when there is no such device. */
  async renameDevice(id: string, name: string, actor: Actor): Promise<boolean> {
    return transact(db, async (tx) => {
      const device = await tx.device.findUnique({ where: { id }, select: { name: true } })
      if (!device) return false
      await tx.device.update({ where: { id }, data: { name } })
      await audit(tx, actor, 'device-renamed', id, { before: device.name, after: name })
      return true
    })
  },

  /** For good: a revoked device comes back only as a new one. False when there is none, or it was revoked before. */
  async revokeDevice(id: string, actor: Actor): Promise<boolean> {
    return transact(db, async (tx) => {
      const { count } = await tx.device.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } })
      if (count) await audit(tx, actor, 'device-revoked', id)
      return count === 1
    })
  },

  /** The same for many, in one transaction. Returns those that there are and that were not revoked before. */
  revokeDevices: (ids: string[], actor: Actor): Promise<string[]> =>
    transact(db, async (tx) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`UPDATE Device SET revokedAt = ${Date.now()}
        WHERE revokedAt IS NULL AND id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) RETURNING id`
      const entries = rows.map(({ id }) => ({ id: newId(), actor, action: 'device-revoked', target: id, detail: {} }))
      await tx.audit.createMany({ data: entries })
      return rows.map(({ id }) => id)
    }),

  /** What the broker must know to let devices in: all of them, or one. */
  async roster(id?: string): Promise<RosterEntry[]> {
    const rows = await db.device.findMany({
      where: id === undefined ? {} : { id },
      include: { keys: { where: { replacedAt: null } }, presence: true, sync: true },
    })
    return rows.map((row) => ({
      deviceId: row.id,
      num: row.num,
      name: row.name,
      publicKey: row.keys[0]?.publicKey ?? '',
      revoked: row.revokedAt !== null,
      assignedRevision: row.sync?.assignedRevision ?? 0,
      presence: row.presence && {
        state: row.presence.state as PresenceState,
        start: row.presence.start,
        session: row.presence.session,
        sinceMs: +row.presence.since,
      },
    }))
  },
})

/** What the device says went wrong, or what the hub sees of itself: it has forgotten what it assigned. */
function failureOf(sync: SyncRecord | null): DeviceDetail['failure'] {
  if (sync?.failureCode) return { code: sync.failureCode, detail: sync.failureDetail ?? '' }
  const { assignedRevision = 0, revisionApplied = 0 } = sync ?? {}
  return assignedRevision > 0 && revisionApplied > assignedRevision
    ? { code: 'revision-ahead', detail: `applied ${revisionApplied}, assigned ${assignedRevision}` }
    : null
}

const latestOf = ({ at, body, cause, ...row }: Omit<AssignmentRecord, 'decision'>) => ({
  ...row,
  atMs: +at,
  cause: cause as AssignmentCause,
  assignment: body as unknown as Assignment,
})

/** RFC 7638 thumbprint of an Ed25519 key. */
const thumbprintOf = (x: string) =>
  createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url')

const fact = (path: string) => `json_extract(r.body, '$.facts.${path}')`
export const listSql = `SELECT d.id, d.num, d.name, d.createdAt, d.revokedAt, p.state, p.since, r.deviceClass,
    r.id IS NOT NULL AS hasReport, json_extract(r.body, '$.agentVersion') AS agentVersion,
    ${fact('board.model')} AS board, ${fact('cpu.model')} AS cpu, CAST(${fact('cpu.logicalCores')} AS REAL) AS cores,
    CAST(${fact('memory.totalBytes')} AS REAL) AS memoryBytes,
    ${fact('os.name')} AS osName, ${fact('os.version')} AS osVersion,
    s.assignedRevision, s.revisionSeen, s.revisionApplied, s.failureCode
  FROM Device d LEFT JOIN Presence p ON p.deviceId = d.id LEFT JOIN Sync s ON s.deviceId = d.id
    LEFT JOIN Report r ON r.id = d.reportId`

export type ListRow = {
  id: string
  num: number
  name: string
  createdAt: Date
  revokedAt: Date | null
  state: PresenceState | null
  since: Date | null
  deviceClass: string | null
  hasReport: number
  agentVersion: string | null
  board: string | null
  cpu: string | null
  cores: number | null
  memoryBytes: number | null
  osName: string | null
  osVersion: string | null
  assignedRevision: number | null
  revisionSeen: number | null
  revisionApplied: number | null
  failureCode: string | null
}

export function deviceRow(row: ListRow): DeviceRow {
  return {
    id: row.id,
    num: row.num,
    name: row.name,
    presence: row.state && row.since ? { state: row.state, sinceMs: +row.since } : null,
    sync: syncOf({
      hasReport: Boolean(row.hasReport),
      assignedRevision: row.assignedRevision ?? 0,
      seenRevision: row.revisionSeen ?? 0,
      appliedRevision: row.revisionApplied ?? 0,
      failureCode: row.failureCode,
    }),
    deviceClass: row.deviceClass,
    board: row.board,
    cpu: row.cpu,
    cores: row.cores,
    memoryBytes: row.memoryBytes,
    os: row.osName && [row.osName, row.osVersion].filter(Boolean).join(' '),
    agentVersion: row.agentVersion,
    enrolledMs: +row.createdAt,
    revokedMs: row.revokedAt && +row.revokedAt,
  }
}
