import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from './database'
import type { Role } from './model'
import { openStore, type Store } from './open'
import { newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
let file: string
let store: Store

beforeEach(async () => {
  file = newFile(folder)
  store = await openStore(file)
})
afterEach(() => store.close())

/** As better-auth makes them: with a password, or only invited. */
async function addPerson(id: string, role: Role, password: string | null = 'hash') {
  const db = await openDatabase(file)
  await db.user.create({ data: { id, name: id, email: `${id}@example.org`, role } })
  const account = { id: `account ${id}`, accountId: id, providerId: 'credential', userId: id, updatedAt: new Date() }
  if (password) await db.account.create({ data: { ...account, password } })
  await db.session.create({
    data: {
      id: `session ${id}`,
      token: id,
      userId: id,
      expiresAt: new Date(Date.now() + 60_000),
      updatedAt: new Date(),
    },
  })
  await db.$disconnect()
}
const person = async (id: string) => (await store.listPeople()).find((one) => one.id === id)

describe('an invitation', () => {
  const invited = () =>
    store.invitePerson({ name: 'Bob', email: 'Bob@Example.org', role: 'operator', actor: 'user:ann' })

  test('makes a person who has no password yet, and a code that is good once', async () => {
    const { id, code } = await invited()
    expect(await person(id)).toMatchObject({
      ...{ email: 'bob@example.org', role: 'operator', hasPassword: false, seenMs: null },
      inviteUntilMs: expect.any(Number),
    })
    expect(await store.invitedBy(code)).toEqual({ name: 'Bob', email: 'bob@example.org' })
    const spent = await Promise.all([store.spendInvite(code), store.spendInvite(code)])
    expect(spent.filter((one) => one !== null)).toEqual([{ id, email: 'bob@example.org' }])
    expect(await store.invitedBy(code)).toBeNull()
    expect(await person(id)).toMatchObject({ inviteUntilMs: null })
  })

  test('is replaced by a newer one, and goes with the person', async () => {
    const { id, code } = await invited()
    const newer = await store.renewInvite(id, 'user:ann')
    expect(await store.spendInvite(code)).toBeNull()
    expect(await store.renewInvite('nobody', 'user:ann')).toBeNull()
    await store.removePerson(id, 'user:ann')
    expect(await store.spendInvite(newer?.code ?? '')).toBeNull()
  })

  test('is no longer good after its time', async () => {
    const { code } = await invited()
    const db = await openDatabase(file)
    await db.verification.updateMany({ data: { expiresAt: new Date(0) } })
    await db.$disconnect()
    expect(await store.invitedBy(code)).toBeNull()
    expect(await store.spendInvite(code)).toBeNull()
  })

  test('is refused for an email that has an account', async () => {
    await invited()
    await expect(invited()).rejects.toThrow('bob@example.org has an account already')
  })

  test('ends the sessions of who had a password before', async () => {
    await addPerson('eve', 'viewer')
    const made = await store.renewInvite('eve', 'user:ann')
    expect((await person('eve'))?.seenMs).not.toBeNull()
    await store.spendInvite(made?.code ?? '')
    expect((await person('eve'))?.seenMs).toBeNull()
  })
})

describe('the last admin', () => {
  beforeEach(() => addPerson('ann', 'admin'))
  const rejected = 'nobody else is an admin who can sign in'

  test('is neither demoted nor removed', async () => {
    await addPerson('bob', 'operator')
    await expect(store.changeRole('ann', 'viewer', 'user:ann')).rejects.toThrow(rejected)
    await expect(store.removePerson('ann', 'user:ann')).rejects.toThrow(rejected)
    expect(await store.roleOf('ann')).toBe('admin')
  })

  test('is still the last one while another has not used the invitation', async () => {
    await addPerson('bob', 'admin', null)
    await expect(store.removePerson('ann', 'user:ann')).rejects.toThrow(rejected)
  })

  test('of two who demote each other at once, one stays', async () => {
    await addPerson('bob', 'admin')
    const both = await Promise.allSettled([
      store.changeRole('bob', 'viewer', 'user:ann'),
      store.changeRole('ann', 'viewer', 'user:bob'),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await store.listPeople()).filter(({ role }) => role === 'admin')).toHaveLength(1)
  })
})

describe('who may do less', () => {
  beforeEach(async () => {
    await addPerson('ann', 'admin')
    await addPerson('bob', 'admin')
  })
  const tokenOf = (role: Role) => store.createApiToken({ name: role, role, actor: 'user:bob@example.org' })

  test('is signed out, and loses the API tokens above the new role', async () => {
    const [viewer, admin] = [await tokenOf('viewer'), await tokenOf('admin')]
    expect(await store.changeRole('bob', 'operator', 'user:ann')).toEqual({ email: 'bob@example.org', tokens: 1 })
    expect(await person('bob')).toMatchObject({ role: 'operator', seenMs: null })
    expect(await store.apiTokenBearer(admin.secret)).toBeNull()
    expect(await store.apiTokenBearer(viewer.secret)).toMatchObject({ role: 'viewer' })
    expect(await store.listAudit(1, 0, { action: 'role-given' })).toMatchObject([
      { actor: 'user:ann', target: 'bob@example.org', detail: { before: 'admin', after: 'operator' } },
    ])
  })

  test('or is removed, loses all of them', async () => {
    const viewer = await tokenOf('viewer')
    expect(await store.removePerson('bob', 'user:ann')).toEqual({ email: 'bob@example.org', tokens: 1 })
    expect(await person('bob')).toBeUndefined()
    expect(await store.roleOf('bob')).toBeNull()
    expect(await store.apiTokenBearer(viewer.secret)).toBeNull()
  })

  test('or gets the same or more, stays signed in', async () => {
    await addPerson('eve', 'viewer')
    await store.changeRole('eve', 'operator', 'user:ann')
    await store.changeRole('bob', 'admin', 'user:ann')
    expect((await person('eve'))?.seenMs).not.toBeNull()
    expect((await person('bob'))?.seenMs).not.toBeNull()
  })

  test('nobody is not found', async () => {
    expect(await store.changeRole('nobody', 'viewer', 'user:ann')).toBeNull()
    expect(await store.removePerson('nobody', 'user:ann')).toBeNull()
  })
})

test('an API token remembers the only things that it may do', async () => {
  const { secret } = await store.createApiToken({
    name: 'ci',
    role: 'operator',
    deeds: ['read', 'assign'],
    actor: 'up',
  })
  expect(await store.apiTokenBearer(secret)).toMatchObject({ role: 'operator', deeds: ['read', 'assign'] })
  expect(await store.listApiTokens()).toMatchObject([{ deeds: ['read', 'assign'] }])
})

describe('the audit', () => {
  beforeEach(async () => {
    await addPerson('ann', 'admin')
    await addPerson('bob', 'viewer')
    await store.changeRole('bob', 'operator', 'user:ann@example.org')
    await store.createApiToken({ name: 'ci', role: 'viewer', actor: 'user:bob@example.org' })
  })

  test.each([
    [{}, 2],
    [{ actor: 'user:ann@example.org' }, 1],
    [{ action: 'api-token-created' }, 1],
    [{ target: 'bob@example.org' }, 1],
    [{ actor: 'user:ann@example.org', action: 'api-token-created' }, 0],
    [{ sinceMs: 0, untilMs: 1 }, 0],
    [{ sinceMs: 0 }, 2],
  ])('narrowed by %j has %i entries', async (query, entries) => {
    expect(await store.listAudit(10, 0, query)).toHaveLength(entries)
  })

  test('knows who and what there is to choose from', async () => {
    expect(await store.auditChoices()).toEqual({
      actors: ['user:ann@example.org', 'user:bob@example.org'],
      actions: ['api-token-created', 'role-given'],
    })
  })
})

test('retention is what a person chose, else what the hub was started with, else the usual', async () => {
  expect((await store.retention()).days).toMatchObject({ samples: 3, events: 90 })
  await store.setHubInfo({ urls: [], caSha256: 'a', mqttPort: 1, version: '1', sampleDays: 5 })
  expect((await store.retention()).days.samples).toBe(5)
  await store.chooseRetention({ samples: 2, events: 30 }, 'user:ann')
  await store.chooseRetention({ events: 14 }, 'user:ann')
  expect(await store.retention()).toMatchObject({
    days: { samples: 2, events: 14, hours: 730 },
    chosen: { samples: 2 },
  })
  const [last] = await store.listAudit(1)
  expect(last).toMatchObject({ action: 'retention-chosen', detail: { before: 'events: 30', after: 'events: 14' } })
})
