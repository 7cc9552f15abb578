import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import path from 'node:path'
import { openStore } from '@tradewind/store'
import { testFolder } from '@tradewind/testkit'
import { expect, test } from 'vitest'
import { chance, evenly, noise, weighted } from '../prisma/seed/chance'

const root = path.resolve(import.meta.dirname, '..')
const seed = (data: string, ...more: string[]) =>
  spawnSync(process.execPath, ['tools/seed.mjs', '--data', data, '--devices', '9', '--days', '2', ...more], {
    cwd: root,
    encoding: 'utf8',
  })

/** What people see of a fleet; moments are relative to now, and keys and passwords each folder's own. */
async function seen(data: string) {
  const store = await openStore(path.join(data, 'tradewind.db'))
  const page = {
    text: '',
    presence: null,
    sync: null,
    revoked: 'with',
    order: { by: 'name', descending: false },
  } as const
  const { devices } = await store.pageOfDevices({ ...page, offset: 0, limit: 100 })
  const { problems } = await store.pageOfProblems({
    ...{ state: 'open', code: null, severity: null, deviceId: null, nowMs: Date.now(), offset: 0, limit: 100 },
  })
  const nowMs = Date.now()
  const [ill] = problems
  const chart = await store.chartOf(ill?.deviceId ?? '', nowMs - 86_400_000, nowMs)
  const workloads = (await store.workloads()).map(({ id, version }) => `${id} ${version}`)
  const work = await store.workDone({ fromMs: nowMs - 86_400_000, toMs: nowMs })
  const isMade = await store.hasAdmin()
  await store.close()
  return {
    fleet: devices.map(({ id, name, board, sync, deviceClass }) => ({ id, name, board, sync, deviceClass })),
    problems: problems.map(({ code, deviceName, severity }) => `${deviceName} ${code} ${severity}`),
    ...{ workloads, isMade, points: chart?.points.length ?? 0, requests: work.requests },
  }
}

test('the same seed is the same fleet: placed, measured, with its trouble in the list of problems', async () => {
  const folders = [testFolder('seed'), testFolder('seed')]
  for (const folder of folders) {
    const { status, stdout, stderr } = seed(folder, '--story', 'brownout', '--seed', '3')
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/admin +ada@example.com +\S{16}/)
    expect(statSync(path.join(folder, 'seed.json')).mode & 0o077).toBe(0)
  }
  const [one, other] = await Promise.all(folders.map(seen))
  expect(one?.fleet).toEqual(other?.fleet)
  expect(one?.problems.sort()).toEqual(other?.problems.sort())
  expect(one?.fleet).toHaveLength(9)
  expect(one?.fleet.some(({ sync }) => sync === 'in-sync')).toBe(true)
  expect(one?.problems.some((problem) => problem.includes('undervoltage critical'))).toBe(true)
  expect(one).toMatchObject({ isMade: true, workloads: expect.arrayContaining(['counter-calls 2']) })
  expect(one?.points).toBeGreaterThan(1_000)
  expect(one?.requests).toBeGreaterThan(0)

  const again = seed(folders[0] ?? '', '--seed', '3')
  expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('has a fleet already')])
}, 180_000)

test.each([
  [['--story', 'earthquake'], 'brownout|heatwave|bad-canary'],
  [['--devices', '0'], 'usage'],
  [['--days', 'ten'], 'usage'],
])('%j is answered with how it is used', (args, says) => {
  const { status, stderr } = spawnSync(process.execPath, ['tools/seed.mjs', '--data', '/nowhere', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(status).toBe(2)
  expect(stderr).toContain(says)
})

test('its chance is the same each time, spreads, and leaves nobody out', () => {
  expect(chance('a', 1)).toBe(chance('a', 1))
  expect(noise(7, 9)).toBe(noise(7, 9))
  const many = Array.from({ length: 4_000 }, (_, i) => noise(3, i))
  expect(many.reduce((sum, one) => sum + one, 0) / many.length).toBeCloseTo(0.5, 1)
  expect(Math.max(...many)).toBeLessThan(1)
  const parts = [
    { name: 'often', weight: 94 },
    { name: 'rare', weight: 6 },
  ]
  const drawn = Array.from({ length: 40 }, (_, i) => weighted(parts, evenly('golden', i, 1)).name)
  expect(drawn.filter((name) => name === 'rare').length).toBeGreaterThanOrEqual(2)
})
