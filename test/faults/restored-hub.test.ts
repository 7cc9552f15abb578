import { cpSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { eventually, HubProgram, postHub, resolvedBuilds, testFolder, VirtualDevice } from '@tradewind/testkit'
import { expect, test } from 'vitest'

const isDatabase = (file: string) => file.startsWith('tradewind.db')

test('a hub restored from an old backup takes no device back, shows who is ahead of it, and goes on above', async () => {
  const folder = testFolder('restored-hub')
  const backup = testFolder('backup')
  const hub = await HubProgram.start(folder)
  await (await hub.store()).setCatalogue(resolvedBuilds, 'test')
  const device = await VirtualDevice.enrol(await hub.token())
  await device.connect()
  await device.tellFacts()
  await eventually('its report', async () => (await (await hub.store()).device(device.id))?.report)
  const assign = async (build: string) => {
    const ask = { deviceIds: [device.id], workload: null, build, plan: null, actor: 'user:ada' }
    const { said } = await postHub(hub, '/assign', ask)
    return (said as { assigned: { revision: number }[] }).assigned[0]?.revision
  }
  const serves = (revision: number) =>
    eventually(`revision ${revision}`, () => device.assignment?.revision === revision)

  for (const build of ['test-e2b', 'test-e2b-lean', 'test-e2b']) await assign(build)
  await serves(3)
  await hub.stop()
  cpSync(folder, backup, { recursive: true })
  await hub.start()
  await device.connect()
  for (const build of ['test-e2b-lean', 'test-e2b-lean']) await assign(build)
  await serves(5)
  await device.report()
  await hub.stop()

  for (const file of readdirSync(folder).filter(isDatabase)) rmSync(path.join(folder, file))
  for (const file of readdirSync(backup).filter(isDatabase)) cpSync(path.join(backup, file), path.join(folder, file))
  await hub.start()
  device.declined.length = 0
  await device.connect()
  await eventually('it is told what the hub remembers', () => device.declined.length > 0)
  expect(device.declined).toEqual([{ code: 'older', revision: 3 }])
  expect(device.assignment).toMatchObject({ revision: 5, build: { id: 'test-e2b-lean' } })

  await device.report()
  const store = await hub.store()
  const ahead = await eventually('people are told', async () =>
    (await store.listEvents(device.id)).find(({ code }) => code === 'revision-ahead'),
  )
  expect(ahead.detail).toEqual({ applied: 5, seen: 5, assigned: 3 })
  expect(await store.device(device.id)).toMatchObject({
    sync: 'failed',
    failure: { code: 'revision-ahead', detail: 'applied 5, assigned 3' },
    assignment: { assignedRevision: 3, revisionApplied: 5, latest: { revision: 3, build: 'test-e2b' } },
  })

  expect(await assign('test-e2b')).toBe(6)
  await serves(6)
  await device.report()
  await eventually('in sync again', async () => (await store.device(device.id))?.sync === 'in-sync')
}, 60_000)
