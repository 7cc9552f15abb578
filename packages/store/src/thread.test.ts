import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from './open'
import { bundleThread, group, hub, newFile, temporaryFolder } from './temporary'
import { openStoreThread, type StoreThread } from './thread'

const folder = temporaryFolder(afterAll)
let script: URL
beforeAll(async () => {
  script = await bundleThread(folder)
})

const unexpected = (error: Error) => {
  throw error
}
const open = (file: string) => openStoreThread(script, file, unexpected)

const batch = (seq: number) => ({
  device: 1,
  stream: 'abcdefgh',
  receivedMs: 1_790_000_000_000 + seq,
  samples: [{ seq, atMs: 1_790_000_000_000, figures: {} }],
})

describe('the store on a thread of its own', () => {
  test('answers as the store does, and ingests', async () => {
    const store = await open(newFile(folder))
    await store.setHubInfo(hub)
    expect(await store.hubInfo()).toEqual(hub)
    expect(await store.commit(group({ batches: [batch(1), batch(1)] }))).toEqual({ stored: 1, duplicates: 1 })
    expect(await store.latestSamples(0)).toEqual(new Map())
    await store.close()
  })

  test('passes on why a call failed, by name, and lives on', async () => {
    const store = await open(newFile(folder))
    const making = store.createEnrolToken({ note: '', lifeMs: 1, actor: 'up' })
    await expect(making).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining('no hub') })
    expect(await store.listDevices()).toEqual([])
    await store.close()
  })

  test('does not open what cannot be opened, and says why', async () => {
    const file = newFile(folder)
    writeFileSync(file, 'this is no database, '.repeat(100))
    await expect(open(file)).rejects.toThrow(/not a database/)
  })

  test('when it dies, rejects every call in flight and tells its owner', async () => {
    const dying = path.join(folder, 'dying.mjs')
    writeFileSync(
      dying,
      `import { parentPort } from 'node:worker_threads'
       parentPort.on('message', ({ id, name }) => {
         if (name === 'hasAdmin') parentPort.postMessage({ id, value: false })
         else throw new Error('out of memory')
       })`,
    )
    const deaths: string[] = []
    const store = await openStoreThread(pathToFileURL(dying), '', ({ message }) => deaths.push(message))
    const calls = await Promise.allSettled([store.listDevices(), store.listParked()])
    expect(calls).toMatchObject(Array(2).fill({ status: 'rejected', reason: { message: 'out of memory' } }))
    await expect(store.listDevices()).rejects.toThrow('out of memory')
    expect(deaths).toEqual(['out of memory'])
  })
})

test('two programs write to one database at the same time, and neither is turned away', async () => {
  const file = newFile(folder)
  const hubSide = await open(file)
  const dashboardSide = await openStore(file)
  await hubSide.setHubInfo(hub)
  const ask = (store: Pick<StoreThread, 'enrol'>, publicKey: string) =>
    store.enrol({
      publicKey,
      thumbprint: Buffer.from(publicKey).toString('base64url'),
      claims: { name: publicKey, agentVersion: '1', hints: {} },
      address: '',
    })
  const rounds = Array.from({ length: 60 }, (_, i) => i)
  const hubWork = async () => {
    for (const i of rounds) {
      await hubSide.commit(group({ batches: [batch(i + 1)] }))
      await ask(hubSide, `hub-${i % 10}`)
    }
  }
  const dashboardWork = async () => {
    for (const i of rounds) {
      await ask(dashboardSide, `dashboard-${i % 10}`)
      await dashboardSide.createEnrolToken({ note: `${i}`, lifeMs: 60_000, actor: 'user:ann' })
    }
  }
  await Promise.all([hubWork(), dashboardWork()])
  expect(await dashboardSide.listParked()).toHaveLength(20)
  expect(await hubSide.listEnrolTokens()).toHaveLength(60)
  expect(await hubSide.commit(group({ batches: [batch(60)] }))).toEqual({ stored: 0, duplicates: 1 })
  await dashboardSide.close()
  await hubSide.close()
}, 60_000)
