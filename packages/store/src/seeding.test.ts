import { figureNames, workNames } from '@tradewind/protocol'
import { afterAll, expect, test } from 'vitest'
import { openSeedStore, type PastBucket } from './seeding'
import { newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const hourMs = 3_600_000
const enrolledMs = 1_790_000 * 1_000_000
const fromMs = enrolledMs - (enrolledMs % hourMs) + hourMs

const device = (num: number, name: string) => ({
  ...{ id: `device-${num}`, num, name, publicKey: `key ${num}`, labels: { site: 'lyon', line: String(num) } },
  ...{ enrolledMs, actor: 'user:ada' },
})

/** Each figure once, with the value 2 to 6. */
const bucket = (atMs: number, num: number): PastBucket => ({
  ...{ atMs, device: num, lastMs: atMs + 60_000 },
  figures: figureNames.flatMap(() => [2, 12, 3, 6, 4]),
})

test('a past that is laid is read as one that was lived', async () => {
  const store = await openSeedStore(newFile(folder))
  try {
    await store.layDevices([device(1, 'lyon-1-press'), device(2, 'lyon-2-oven')])
    expect(await store.labelsOf('device-2')).toEqual({ line: '2', site: 'lyon' })
    expect((await store.roster()).map(({ publicKey }) => publicKey)).toEqual(['key 1', 'key 2'])
    expect(await store.listAudit()).toMatchObject([
      { action: 'device-enrolled', atMs: enrolledMs, actor: 'user:ada' },
      { action: 'device-enrolled', atMs: enrolledMs },
    ])

    const hours = [0, 1, 2].map((hour) => fromMs + hour * hourMs)
    expect(
      store.layRollups(
        '1h',
        hours.flatMap((atMs) => [bucket(atMs, 1), bucket(atMs, 2)]),
      ),
    ).toBe(6)
    await store.keepSince({ raw: fromMs + 9 * hourMs, '1m': fromMs + 9 * hourMs, '15m': fromMs + 9 * hourMs })
    const chart = await store.chartOf('device-2', fromMs, fromMs + 3 * hourMs)
    expect(chart).toMatchObject({ level: '1h', points: hours.map((atMs) => ({ atMs })) })
    expect(chart?.points[0]?.temperatureC).toEqual({ min: 2, mean: 4, max: 6, last: 4 })

    const work = Object.fromEntries(workNames.map((name, i) => [name, i + 1])) as Record<
      (typeof workNames)[number],
      number
    >
    expect(store.layWork([0, 1].map((num) => ({ atMs: fromMs, device: num, work })))).toBe(2)
    expect(await store.workDone({ fromMs, toMs: fromMs + hourMs })).toEqual(work)
    expect(await store.workOf('device-1', { fromMs, toMs: fromMs + hourMs })).toEqual(work)
  } finally {
    await store.close()
  }
})

test('a person who is laid has a role, and a password that is kept as its hash', async () => {
  const store = await openSeedStore(newFile(folder))
  try {
    await store.addPerson({ name: 'Vera', email: 'vera@example.com', password: 'only to look', role: 'viewer' }, 'up')
    expect(await store.hasAdmin()).toBe(false)
    expect(await store.listAudit()).toMatchObject([{ action: 'role-given', target: 'vera@example.com' }])
    await store.addPerson({ name: 'Ada', email: 'ada@example.com', password: 'all of it', role: 'admin' }, 'up')
    expect(await store.hasAdmin()).toBe(true)
  } finally {
    await store.close()
  }
})
