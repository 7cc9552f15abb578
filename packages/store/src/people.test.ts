import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from './database'
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

async function addUser(id: string) {
  const db = await openDatabase(file)
  await db.user.create({ data: { id, name: id, email: `${id}@example.org` } })
  await db.$disconnect()
}

describe('the setup code', () => {
  test('is spent by one of two', async () => {
    const code = (await store.issueSetupCode()) as string
    expect(code).toMatch(/^[A-Za-z0-9_-]{32}$/)
    expect(await store.isSetupCode(code)).toBe(true)
    const won = await Promise.all([store.spendSetupCode(code), store.spendSetupCode(code)])
    expect(won.sort()).toEqual([false, true])
    expect(await store.isSetupCode(code)).toBe(false)
  })

  test('is replaced by a newer one, and a wrong one spends nothing', async () => {
    const old = (await store.issueSetupCode()) as string
    const code = (await store.issueSetupCode()) as string
    expect(await store.isSetupCode(old)).toBe(false)
    expect(await store.spendSetupCode(old)).toBe(false)
    expect(await store.spendSetupCode(code)).toBe(true)
  })

  test('is no longer issued once there is an admin', async () => {
    await addUser('ann')
    expect(await store.hasAdmin()).toBe(false)
    await store.setRole('ann', 'admin', 'setup')
    expect(await store.hasAdmin()).toBe(true)
    expect(await store.issueSetupCode()).toBeNull()
    expect(await store.listAudit()).toMatchObject([
      { actor: 'setup', action: 'role-given', target: 'ann@example.org', detail: { role: 'admin' } },
    ])
  })
})

test('a new user is a viewer, and someone unknown has no role', async () => {
  await addUser('bob')
  expect(await store.roleOf('bob')).toBe('viewer')
  expect(await store.roleOf('nobody')).toBeNull()
  await expect(store.setRole('nobody', 'admin', 'up')).rejects.toThrow()
  expect(await store.listAudit()).toEqual([])
})

describe('an API token', () => {
  test('bears its name and role until it is revoked', async () => {
    const { id, secret } = await store.createApiToken({ name: 'ops', role: 'operator', actor: 'user:ann' })
    expect(secret).toMatch(/^twp_[A-Za-z0-9_-]{32}$/)
    expect(await store.apiTokenBearer(secret)).toEqual({ id, name: 'ops', role: 'operator', deeds: null })
    expect(await store.apiTokenBearer('twp_x')).toBeNull()
    expect(await store.revokeApiToken(id, 'user:ann')).toBe(true)
    expect(await store.revokeApiToken(id, 'user:ann')).toBe(false)
    expect(await store.apiTokenBearer(secret)).toBeNull()
    const actions = (await store.listAudit()).map(({ action }) => action).sort()
    expect(actions).toEqual(['api-token-created', 'api-token-revoked'])
  })

  test('is listed without its secret, with the time of its last use', async () => {
    const { id, secret } = await store.createApiToken({ name: 'ops', role: 'viewer', actor: 'user:ann' })
    const unused = {
      id,
      name: 'ops',
      role: 'viewer',
      deeds: null,
      createdBy: 'user:ann',
      createdMs: expect.any(Number),
    }
    expect(await store.listApiTokens()).toEqual([{ ...unused, lastUsedMs: null, revokedMs: null }])
    await store.apiTokenBearer(secret)
    const [first] = await store.listApiTokens()
    expect(Math.abs(Date.now() - (first?.lastUsedMs ?? 0))).toBeLessThan(60_000)
    await store.apiTokenBearer(secret)
    expect(await store.listApiTokens()).toEqual([first])
  })
})
