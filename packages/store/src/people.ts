import { prismaAdapter } from 'better-auth/adapters/prisma'
import { type Actor, audit } from './audit'
import { type Database, type Transaction, transact } from './database'
import { UsageError } from './enrolment'
import { newId, newSecret, sha256 } from './ids'
import type { ApiTokenRow, PersonRow, Role } from './model'
import { isAbove } from './model'
import { readSetting, writeSetting } from './settings'

const apiTokenPrefix = 'twp_'
/** How long a link with which a person chooses a password is good. */
export const inviteLifeMs = 7 * 86_400_000
const inviteOf = (code: string) => `invite:${sha256(code)}`

type Bearer = Pick<ApiTokenRow, 'id' | 'name' | 'role' | 'deeds'>

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

  async listPeople(): Promise<PersonRow[]> {
    const users = await db.user.findMany({
      orderBy: { createdAt: 'asc' },
      include: {
        sessions: { where: { expiresAt: { gt: new Date() } }, orderBy: { updatedAt: 'desc' }, take: 1 },
        accounts: { where: { password: { not: null } }, select: { id: true }, take: 1 },
      },
    })
    const invites = await db.verification.findMany({
      where: { identifier: { startsWith: 'invite:' }, expiresAt: { gt: new Date() } },
    })
    const untilMs = new Map(invites.map(({ value, expiresAt }) => [value, +expiresAt]))
    return users.map(({ id, name, email, role, createdAt, sessions: [session], accounts }) => ({
      ...{ id, name, email, role: role as Role, createdMs: +createdAt },
      seenMs: session ? +session.updatedAt : null,
      hasPassword: accounts.length > 0,
      inviteUntilMs: untilMs.get(id) ?? null,
    }))
  },

  /** A person without a password, and the code of the link that lets them choose one. Throws `UsageError` when the email is taken. */
  async invitePerson(ask: { name: string; email: string; role: Role; actor: Actor }) {
    const [id, email] = [newId(), ask.email.toLowerCase()]
    const { name, role, actor } = ask
    return transact(db, async (tx) => {
      if (await tx.user.findUnique({ where: { email } })) throw new UsageError(`${email} has an account already`)
      await tx.user.create({ data: { id, name, email, role, emailVerified: true } })
      await audit(tx, actor, 'person-invited', email, { name, role })
      return { id, ...(await invite(tx, id)) }
    })
  },

  /** Another link for somebody who lost theirs, or forgot the password: the one before is no longer good. Null: there is nobody. */
  async renewInvite(userId: string, actor: Actor) {
    return transact(db, async (tx) => {
      const user = await tx.user.findUnique({ where: { id: userId } })
      if (!user) return null
      await audit(tx, actor, 'person-link-made', user.email)
      return invite(tx, userId)
    })
  },

  /** Whom a code invites, or null when it is wrong, spent or too old. */
  async invitedBy(code: string): Promise<{ name: string; email: string } | null> {
    const [found] = await openInvites(db, code)
    return found ? db.user.findUnique({ where: { id: found.value }, select: { name: true, email: true } }) : null
  },

  /**
   * Spends the code and ends every session of the person, whose password is about to be another. Of two who use it at
   * once, one gets the person.
   */
  async spendInvite(code: string): Promise<{ id: string; email: string } | null> {
    return transact(db, async (tx) => {
      const [found] = await openInvites(tx, code)
      if (!found) return null
      const { count } = await tx.verification.deleteMany({ where: { id: found.id } })
      const user = await tx.user.findUnique({ where: { id: found.value } })
      if (count !== 1 || !user) return null
      await tx.session.deleteMany({ where: { userId: user.id } })
      await audit(tx, `user:${user.email}`, 'password-chosen', user.email)
      return { id: user.id, email: user.email }
    })
  },

  /**
   * Gives a role. Who may do less than before is signed out, and the API tokens that they made above it are revoked.
   * Null: there is nobody. Throws `UsageError` for the last admin who can sign in.
   */
  async changeRole(userId: string, role: Role, actor: Actor): Promise<{ email: string; tokens: number } | null> {
    return transact(db, async (tx) => {
      const user = await tx.user.findUnique({ where: { id: userId } })
      if (!user) return null
      const was = user.role as Role
      if (was === role) return { email: user.email, tokens: 0 }
      await keepAnAdmin(tx, userId, was, role)
      await tx.user.update({ where: { id: userId }, data: { role } })
      await audit(tx, actor, 'role-given', user.email, { before: was, after: role })
      if (!isAbove(was, role)) return { email: user.email, tokens: 0 }
      await tx.session.deleteMany({ where: { userId } })
      return { email: user.email, tokens: await revokeTokensOf(tx, user.email, actor, role) }
    })
  },

  /** Removes a person with their sessions and links, and revokes the API tokens that they made. As `changeRole` otherwise. */
  async removePerson(userId: string, actor: Actor): Promise<{ email: string; tokens: number } | null> {
    return transact(db, async (tx) => {
      const user = await tx.user.findUnique({ where: { id: userId } })
      if (!user) return null
      await keepAnAdmin(tx, userId, user.role as Role, null)
      const tokens = await revokeTokensOf(tx, user.email, actor, null)
      await tx.verification.deleteMany({ where: { value: userId, identifier: { startsWith: 'invite:' } } })
      await tx.user.delete({ where: { id: userId } })
      await audit(tx, actor, 'person-removed', user.email, { name: user.name, role: user.role })
      return { email: user.email, tokens }
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
  async createApiToken(ask: { name: string; role: Role; deeds?: string[] | null; actor: Actor }) {
    const secret = apiTokenPrefix + newSecret()
    const id = newId()
    await transact(db, async (tx) => {
      const { name, role, deeds, actor } = ask
      await tx.apiToken.create({
        data: { id, name, role, ...(deeds && { deeds }), createdBy: actor, secretHash: sha256(secret) },
      })
      await audit(tx, actor, 'api-token-created', id, { name, role, only: deeds?.join(', ') ?? null })
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
      deeds: row.deeds as string[] | null,
      createdBy: row.createdBy,
      createdMs: +row.createdAt,
      lastUsedMs: row.lastUsedAt && +row.lastUsedAt,
      revokedMs: row.revokedAt && +row.revokedAt,
    }))
  },

  /** Whose token this is, or null. Its last use is noted at most once a minute, to spare the card. */
  async apiTokenBearer(secret: string): Promise<Bearer | null> {
    const row = await db.apiToken.findUnique({ where: { secretHash: sha256(secret) } })
    if (!row || row.revokedAt) return null
    if (!row.lastUsedAt || Date.now() - +row.lastUsedAt > 60_000)
      await transact(db, (tx) => tx.apiToken.update({ where: { id: row.id }, data: { lastUsedAt: new Date() } }))
    return { id: row.id, name: row.name, role: row.role as Role, deeds: row.deeds as string[] | null }
  },
})

async function invite(tx: Transaction, userId: string): Promise<{ code: string; expiresMs: number }> {
  const [code, expiresMs] = [newSecret(), Date.now() + inviteLifeMs]
  await tx.verification.deleteMany({ where: { value: userId, identifier: { startsWith: 'invite:' } } })
  await tx.verification.create({
    data: { id: newId(), identifier: inviteOf(code), value: userId, expiresAt: new Date(expiresMs) },
  })
  return { code, expiresMs }
}

const openInvites = (tx: Transaction, code: string) =>
  tx.verification.findMany({ where: { identifier: inviteOf(code), expiresAt: { gt: new Date() } }, take: 1 })

/** Whoever could not sign in is no admin to rely on: an invitation may never be used. */
async function keepAnAdmin(tx: Transaction, userId: string, was: Role, becomes: Role | null) {
  if (was !== 'admin' || becomes === 'admin') return
  const others = await tx.user.count({
    where: { role: 'admin', id: { not: userId }, accounts: { some: { password: { not: null } } } },
  })
  if (others === 0) throw new UsageError('nobody else is an admin who can sign in: make somebody one first')
}

/** Of those that a person made, the ones above a role; null: all of them. */
async function revokeTokensOf(tx: Transaction, email: string, actor: Actor, above: Role | null): Promise<number> {
  const made = await tx.apiToken.findMany({ where: { createdBy: `user:${email}`, revokedAt: null } })
  const gone = made.filter(({ role }) => above === null || isAbove(role as Role, above))
  await tx.apiToken.updateMany({ where: { id: { in: gone.map(({ id }) => id) } }, data: { revokedAt: new Date() } })
  for (const { id, name } of gone) await audit(tx, actor, 'api-token-revoked', id, { name, madeBy: email })
  return gone.length
}
