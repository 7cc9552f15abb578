import { decideEnrolment, type TokenRecord } from '@tradewind/fleet'
import { type EnrolClaims, fingerprintOf, writeEnrolToken } from '@tradewind/protocol'
import type { Actor } from './audit'
import { audit } from './audit'
import { type Database, type Transaction, transact } from './database'
import type { Parked } from './generated/client/client'
import { newId, newSecret, sha256 } from './ids'
import type { EnrolOutcome, HubInfo, ParkedRow, TokenRow, TokenState } from './model'
import { readSetting } from './settings'

/** How many devices may wait for approval at once; more are turned away until a person has decided. */
export const parkingPlaces = 200

export const enrolment = (db: Database) => ({
  /** A one-time token as text to hand to a device. Throws `UsageError` while no hub has introduced itself. */
  async createEnrolToken(ask: { note: string; lifeMs: number; forDevice?: string; actor: Actor }) {
    const hub = await readSetting<HubInfo>(db, 'hub')
    if (!hub) throw new UsageError('no hub has run on this database yet: start it first')
    if (ask.forDevice && !(await db.device.findUnique({ where: { id: ask.forDevice } })))
      throw new UsageError(`there is no device ${ask.forDevice}`)
    const secret = newSecret()
    const id = newId()
    const { note, forDevice = null } = ask
    const expiresAt = new Date(Date.now() + ask.lifeMs)
    await transact(db, async (tx) => {
      await tx.enrolToken.create({
        data: { id, secretHash: sha256(secret), note, createdBy: ask.actor, expiresAt, forDevice },
      })
      await audit(tx, ask.actor, 'token-created', id, { note, forDevice, expiresAt: expiresAt.toISOString() })
    })
    return { id, expiresMs: +expiresAt, text: writeEnrolToken({ urls: hub.urls, caSha256: hub.caSha256, secret }) }
  },

  /** False when there is no such token or it can no longer be used anyway. */
  async revokeEnrolToken(id: string, actor: Actor): Promise<boolean> {
    return transact(db, async (tx) => {
      const { count } = await tx.enrolToken.updateMany({
        where: { id, revokedAt: null, usedAt: null },
        data: { revokedAt: new Date() },
      })
      if (count) await audit(tx, actor, 'token-revoked', id)
      return count === 1
    })
  },

  /** The newest first: `limit` of them, after the first `offset`. */
  async listEnrolTokens(limit = 500, offset = 0): Promise<TokenRow[]> {
    const tokens = await db.enrolToken.findMany({ orderBy: { createdAt: 'desc' }, take: limit, skip: offset })
    return tokens.map((token) => ({
      id: token.id,
      note: token.note,
      state: tokenState(token),
      createdMs: +token.createdAt,
      createdBy: token.createdBy,
      expiresMs: +token.expiresAt,
      forDevice: token.forDevice,
      usedBy: token.usedBy,
    }))
  },

  /**
   * Lets a key in, parks it, or refuses it (`fleet.decideEnrolment`), and records which, in one transaction.
   * `thumbprint` is the RFC 7638 thumbprint of the key, from which people read its fingerprint.
   */
  async enrol(ask: {
    publicKey: string
    thumbprint: string
    claims: EnrolClaims
    address: string
  }): Promise<EnrolOutcome> {
    return transact(db, async (tx) => {
      const { key, parked, token, tokenRow } = await recordsOf(tx, ask.publicKey, ask.claims.secret)
      const verdict = decideEnrolment({ nowMs: Date.now(), key, parked, token })
      if (verdict.do === 'refuse') return { state: 'refused', code: verdict.code }
      if (verdict.do === 'park') return park(tx, ask)
      if (verdict.do === 'welcome-back') return { state: 'enrolled', deviceId: verdict.deviceId, how: 'again' }
      const deviceId = verdict.do === 'enrol' ? newId() : verdict.deviceId
      const spent = await tx.enrolToken.updateMany({
        where: { id: tokenRow?.id ?? '', usedAt: null, revokedAt: null },
        data: { usedAt: new Date(), usedBy: deviceId },
      })
      if (spent.count !== 1) return { state: 'refused', code: 'token-used' }
      await tx.parked.deleteMany({ where: { publicKey: ask.publicKey } })
      if (verdict.do === 'enrol') await addDevice(tx, deviceId, ask.claims.name, ask.publicKey)
      else await replaceKey(tx, deviceId, ask.publicKey)
      const action = verdict.do === 'enrol' ? 'device-enrolled' : 'device-taken-over'
      await audit(tx, `token:${tokenRow?.id}`, action, deviceId, { name: ask.claims.name, address: ask.address })
      return { state: 'enrolled', deviceId, how: verdict.do === 'enrol' ? 'new' : 'taken-over' }
    })
  },

  async listParked(): Promise<ParkedRow[]> {
    return (await db.parked.findMany({ orderBy: { lastAt: 'desc' }, take: parkingPlaces })).map(parkedRow)
  },

  /** The new device's id, or null when nobody waits under that fingerprint. */
  async approveParked(fingerprint: string, actor: Actor): Promise<string | null> {
    return transact(db, async (tx) => {
      const waiting = await tx.parked.findFirst({ where: { fingerprint } })
      if (!waiting) return null
      await tx.parked.delete({ where: { publicKey: waiting.publicKey } })
      const deviceId = newId()
      await addDevice(tx, deviceId, waiting.name, waiting.publicKey)
      await audit(tx, actor, 'device-approved', deviceId, { name: waiting.name, fingerprint })
      return deviceId
    })
  },

  async refuseParked(fingerprint: string, actor: Actor): Promise<boolean> {
    return transact(db, async (tx) => {
      const { count } = await tx.parked.updateMany({ where: { fingerprint }, data: { refusedAt: new Date() } })
      if (count) await audit(tx, actor, 'device-refused', fingerprint)
      return count > 0
    })
  },
})

export const parkedRow = (row: Parked): ParkedRow => ({
  publicKey: row.publicKey,
  fingerprint: row.fingerprint,
  name: row.name,
  board: (row.hints as { board?: string }).board ?? null,
  address: row.address,
  firstMs: +row.firstAt,
  lastMs: +row.lastAt,
  refusedMs: row.refusedAt && +row.refusedAt,
})

/** The caller asked for something that cannot be; the message says what to do. */
export class UsageError extends Error {
  override name = 'UsageError'
}

async function recordsOf(tx: Transaction, publicKey: string, secret: string | undefined) {
  const keyRow = await tx.deviceKey.findUnique({ where: { publicKey }, include: { device: true } })
  const parkedRow = await tx.parked.findUnique({ where: { publicKey } })
  const tokenRow = secret ? await tx.enrolToken.findUnique({ where: { secretHash: sha256(secret) } }) : null
  const heir = tokenRow?.forDevice ? await tx.device.findUnique({ where: { id: tokenRow.forDevice } }) : null
  const token: TokenRecord | null = tokenRow && {
    expiresAtMs: +tokenRow.expiresAt,
    used: tokenRow.usedAt !== null,
    revoked: tokenRow.revokedAt !== null,
    forDevice: heir && { id: heir.id, revoked: heir.revokedAt !== null },
  }
  return {
    tokenRow,
    token: secret === undefined ? undefined : token,
    parked: parkedRow && { refused: parkedRow.refusedAt !== null },
    key: keyRow && {
      deviceId: keyRow.deviceId,
      replaced: keyRow.replacedAt !== null,
      revoked: keyRow.device.revokedAt !== null,
    },
  }
}

async function park(
  tx: Transaction,
  ask: { publicKey: string; thumbprint: string; claims: EnrolClaims; address: string },
): Promise<EnrolOutcome> {
  const { publicKey, claims, address } = ask
  const now = new Date()
  const known = await tx.parked.updateMany({ where: { publicKey }, data: { lastAt: now, address, name: claims.name } })
  if (known.count) return { state: 'awaiting-approval' }
  if ((await tx.parked.count({ where: { refusedAt: null } })) >= parkingPlaces)
    return { state: 'refused', code: 'parking-full' }
  const fingerprint = fingerprintOf(ask.thumbprint)
  await tx.parked.create({
    data: { publicKey, fingerprint, name: claims.name, hints: claims.hints, address, firstAt: now, lastAt: now },
  })
  return { state: 'awaiting-approval' }
}

async function addDevice(tx: Transaction, id: string, name: string, publicKey: string) {
  const { _max } = await tx.device.aggregate({ _max: { num: true } })
  await tx.device.create({ data: { id, num: (_max.num ?? 0) + 1, name, keys: { create: { publicKey } } } })
}

async function replaceKey(tx: Transaction, deviceId: string, publicKey: string) {
  await tx.deviceKey.updateMany({ where: { deviceId, replacedAt: null }, data: { replacedAt: new Date() } })
  await tx.deviceKey.create({ data: { publicKey, deviceId } })
  // a new card counts its starts from one again
  await tx.presence.deleteMany({ where: { deviceId } })
}

function tokenState(token: { usedAt: Date | null; revokedAt: Date | null; expiresAt: Date }): TokenState {
  if (token.usedAt) return 'used'
  if (token.revokedAt) return 'revoked'
  return +token.expiresAt <= Date.now() ? 'expired' : 'open'
}
