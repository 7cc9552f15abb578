import { afterAll, expect, test } from 'vitest'
import { openDatabase } from './database'
import { openStore } from './open'
import { newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)

/** More than the driver of the database takes as parameters of one question: 999. */
const many = 1201

test('a fleet that is larger than one question may ask for is read whole, each device once', async () => {
  const file = newFile(folder)
  const store = await openStore(file)
  const db = await openDatabase(file)
  const ids = Array.from({ length: many }, (_, i) => `device-${String(i).padStart(4, '0')}`)
  await db.device.createMany({ data: ids.map((id, num) => ({ id, num: num + 1, name: id })) })
  const at = new Date()
  const body = { facts: {}, unreadable: [] }
  await db.report.createMany({
    data: ids.map((id) => ({ id: `r-${id}`, deviceId: id, at, deviceClass: 'v1:0', body })),
  })
  await db.$executeRawUnsafe(`UPDATE Device SET reportId = 'r-' || id`)
  await db.assignment.createMany({
    data: ids.map((deviceId) => ({
      ...{ deviceId, revision: 1, at, actor: 'up', cause: 'first', build: 'e2b-q8_0' },
      body: { options: {} },
    })),
  })
  await db.$disconnect()
  expect((await store.placedDevices()).map(({ id }) => id)).toEqual(ids)
  const some = await store.placedDevices(ids.slice(1))
  expect(some.map(({ id }) => id)).toEqual(ids.slice(1))
  expect(some.at(-1)?.assigned).toMatchObject({ revision: 1, build: 'e2b-q8_0' })
  await store.close()
})
