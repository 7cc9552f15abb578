import { prismaAdapter } from 'better-auth/adapters/prisma'
import { type Actor, audit } from './audit'
import { type Database, transact } from './database'
import { newId, newSecret, sha256 } from './ids'
import type { ApiTokenRow, Role } from './model'
import { readSetting, writeSetting } from './settings'

const apiTokenPrefix = 'twp_'

export const people = (db: Database) => ({
  /** Where better-auth keeps users and sessions. */
  authAdapter: () => prismaAdapter(db, { provider: 'sqlite' }),

  hasAdmin: async () => (await db.user.count({ where: { role: 'admin' } })) > 0,

  /** A code for the one-time link that makes the first admin; a new one replaces the old. Null once there is an admin. */
  async issueSetupCode(): Promise<string | null> {
    if ((await db.user.count({ where: { role: 'admin' } })) > 0) return null
    const code = newSecret()
    await transact(db, (tx) => writeSetting(tx, 'setup-code', sha256(code)))
    return code
  },

  isSetupCode: async (code: string) => (await readSetting<string>(db, 'setup-code')) === sha256(code),

  /** Spends the code: of two who use it at once, one gets true. */
  async spendSetupCode(code: string): Promise<boolean> {
    return transact(db, async (tx) => {
      const { count } = await tx.setting.deleteMany({ where: { key: 'setup-code', value: { equals: sha256(code) } } })
      return count === 1
    })
  },

  async setRole(userId: string, role: Role, actor: Actor) {
    await transact(db, async (tx) => {
      const user = await tx.user.update({ where: { id: userId }, data: { role } })
      await audit(tx, actor, 'role-given', user.email, { role })
    })
  },

  async roleOf(userId: string): Promise<Role | null> {
    const user = await db.user.findUnique({ where: { id: userId }, select: { role: true } })
    return (user?.role as Role | undefined) ?? null
  },

  /** The secret is shown this once. */
  async createApiToken(ask: { name: string; role: Role; actor: Actor }) {
    const secret = apiTokenPrefix + newSecret()
    const id = newId()
    await transact(db, async (tx) => {
      const { name, role, actor } = ask
      await tx.apiToken.create({ data: { id, name, role, createdBy: actor, secretHash: sha256(secret) } })
      await audit(tx, actor, 'api-token-created', id, { name, role })
    })
    return { id, secret }
  },

  async revokeApiToken(id: string, actor: Actor): Promise<boolean> {
    return transact(db, async (tx) => {
      const { count } = await tx.apiToken.updateMany({
        where: { id, revokedAt: null },
        data: { revokedAt: new Date() },
      })
      if (count) await audit(tx, actor, 'api-token-revoked', id)
      return count === 1
    })
  },

  async listApiTokens(): Promise<ApiTokenRow[]> {
    const rows = await db.apiToken.findMany({ orderBy: { createdAt: 'desc' } })
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      role: row.role as Role,
      createdBy: row.createdBy,
      createdMs: +row.createdAt,
      lastUsedMs: row.lastUsedAt && +row.lastUsedAt,
      revokedMs: row.revokedAt && +row.revokedAt,
    }))
  },

  /** Whose token this is, or null. Its last use is noted at most once a minute, to spare the card. */
  async apiTokenBearer(secret: string): Promise<{ id: string; name: string; role: Role } | null> {
    const row = await db.apiToken.findUnique({ where: { secretHash: sha256(secret) } })
    if (!row || row.revokedAt) return null
    if (!row.lastUsedAt || Date.now() - +row.lastUsedAt > 60_000)
      await transact(db, (tx) => tx.apiToken.update({ where: { id: row.id }, data: { lastUsedAt: new Date() } }))
    return { id: row.id, name: row.name, role: row.role as Role }
  },
})
