import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from './open'
import { hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
let store: Store

beforeEach(async () => {
  store = await openStore(newFile(folder))
  await store.setHubInfo(hub)
})
afterEach(() => store.close())

const ask = (name: string) =>
  store.enrol({
    publicKey: `key of ${name}`,
    thumbprint: Buffer.from(name.repeat(32)).toString('base64url'),
    claims: { name, agentVersion: '0.1.0', hints: { board: 'Raspberry Pi 5' } },
    address: '10.0.0.2',
  })

test('however many were refused, who waits is found, in pages', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await ask(name)
  const { parked } = await store.pageOfParked({ refused: false, offset: 0, limit: 100 })
  const fingerprintOf = new Map(parked.map(({ name, fingerprint }) => [name, fingerprint]))
  for (const name of ['d', 'e']) await store.refuseParked(fingerprintOf.get(name) ?? '', 'up')

  const pages = []
  for (let offset = 0; offset < 4; offset += 2)
    pages.push(await store.pageOfParked({ refused: false, offset, limit: 2 }))
  expect(pages.map(({ total }) => total)).toEqual([3, 3])
  expect(new Set(pages.flatMap((page) => page.parked.map(({ name }) => name)))).toEqual(new Set(['a', 'b', 'c']))
  expect(pages.map((page) => page.parked.length)).toEqual([2, 1])

  const refused = await store.pageOfParked({ refused: true, offset: 0, limit: 100 })
  expect(refused.total).toBe(2)
  expect(refused.parked).toMatchObject([
    { board: 'Raspberry Pi 5', address: '10.0.0.2', refusedMs: expect.any(Number) },
    { refusedMs: expect.any(Number) },
  ])
})
