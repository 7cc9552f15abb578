import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Role, Store } from '@tradewind/store'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { GET as exportCsv } from '../app/api/v1/devices.csv/route'
import { callRoute, routeFiles } from './route-files'
import { ScriptedHub } from './scripted-hub'
import { store } from './store'

const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-fleet-'))
process.env.TRADEWIND_DATA = folder

let opened: Store
let routes: Awaited<ReturnType<typeof routeFiles>>
let hub: ScriptedHub
const tokens = {} as Record<Role, string>
let till: string
let kiosk: string

beforeAll(async () => {
  opened = await store()
  routes = await routeFiles()
  await opened.setHubInfo({ urls: ['https://10.0.0.2:7443'], caSha256: 'ab'.repeat(32), mqttPort: 8883, version: '1' })
  for (const role of ['viewer', 'operator', 'admin'] as const)
    tokens[role] = (await opened.createApiToken({ name: role, role, actor: 'up' })).secret
  till = await enrol('till-7')
  kiosk = await enrol('=kiosk, the "old" one')
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  hub = await ScriptedHub.start(folder)
  await opened.setLabels(till, { site: 'lyon' }, 'up')
  await opened.setLabels(kiosk, { site: 'oslo' }, 'up')
})
afterEach(() => hub.stop())

async function enrol(name: string): Promise<string> {
  const claims = { name, agentVersion: '0.1.0', hints: {} }
  await opened.enrol({ publicKey: name, thumbprint: btoa(name.padEnd(30)), claims, address: '10.0.0.3' })
  const { parked } = await opened.pageOfParked({ refused: false, offset: 0, limit: 1 })
  return (await opened.approveParked(parked[0]?.fingerprint ?? '', 'up')) ?? ''
}

const call = (method: string, url: string, body?: unknown, role: Role = 'operator') =>
  callRoute(routes, method, url, tokens[role], body)
const csv = async (query: string) => {
  const request = new Request(`http://localhost/devices.csv${query}`, {
    headers: { authorization: `Bearer ${tokens.viewer}` },
  })
  const reply = await exportCsv(request, { params: Promise.resolve({}) })
  return { type: reply.headers.get('content-type'), lines: (await reply.text()).split('\r\n') }
}

test('devices are chosen by their labels', async () => {
  expect((await call('GET', '/devices?labels=site=lyon')).json.devices).toMatchObject([
    { id: till, labels: { site: 'lyon' }, serving: null, problems: [] },
  ])
  expect((await call('GET', '/devices?variant=e2b&problem=hot')).json).toMatchObject({ total: 0 })
  expect(await call('GET', '/devices?labels=lyon')).toMatchObject({ code: 400, json: { code: 'bad-request' } })
})

test('a table is given all of them, or some', async () => {
  const { devices } = (await call('GET', '/devices/table')).json as { devices: { id: string }[] }
  expect(devices.map(({ id }) => id)).toEqual(expect.arrayContaining([till, kiosk]))
  expect((await call('GET', `/devices/table?ids=${till},nobody`)).json.devices).toMatchObject([{ id: till }])
})

test('CSV has a header with units, one line for each device, and nothing that a spreadsheet would run', async () => {
  const { type, lines } = await csv('?sort=name')
  expect(type).toBe('text/csv; charset=utf-8')
  expect(lines[0]).toMatch(/^name,id,presence,.*,memory_bytes,.*,temperature_celsius,/)
  expect(lines[1]).toBe(
    `"'=kiosk, the ""old"" one",${kiosk},unseen,,unknown,,,,site=oslo,${lines[1]?.split('site=oslo,')[1]}`,
  )
  expect(lines[2]).toMatch(new RegExp(`^till-7,${till},unseen,`))
  expect(lines).toHaveLength(4)
  expect((await csv('?labels=site=lyon')).lines).toHaveLength(3)
})

test('labels of many are changed, by whom that is allowed', async () => {
  const body = { devices: [till, kiosk], set: { site: 'lyon', line: '1' } }
  expect((await call('POST', '/devices/labels', body, 'viewer')).code).toBe(403)
  expect((await call('POST', '/devices/labels', body)).json.changed.sort()).toEqual([till, kiosk].sort())
  expect(await opened.labelsOf(kiosk)).toEqual({ site: 'lyon', line: '1' })
  expect((await call('POST', '/devices/labels', { devices: [till], remove: ['line'] })).json).toEqual({
    changed: [till],
  })
  expect((await call('POST', '/devices/labels', { devices: [till] })).code).toBe(400)
})

test('engines of many are restarted by the hub', async () => {
  hub.says('/restart', { assigned: [{ deviceId: till, revision: 4, build: 'e2b-q8_0' }], refused: [] })
  const reply = await call('POST', '/devices/restart', { devices: [till, kiosk] })
  expect(reply.json).toMatchObject({ assigned: [{ deviceId: till, revision: 4 }] })
  expect(hub.asked).toEqual([{ path: '/restart', body: { deviceIds: [till, kiosk], actor: 'api:operator' } }])
})

test('many are revoked, by an admin', async () => {
  const gone = await enrol('gone')
  expect((await call('POST', '/devices/revoke', { devices: [gone] })).code).toBe(403)
  expect((await call('POST', '/devices/revoke', { devices: [gone, 'nobody'] }, 'admin')).json).toEqual({
    revoked: [gone],
  })
  expect((await call('POST', '/devices/revoke', { devices: [gone] }, 'admin')).json).toEqual({ revoked: [] })
})

test('what waits is counted', async () =>
  expect((await call('GET', '/waiting', undefined, 'viewer')).json).toEqual({ problems: 0, proposals: 0, rollouts: 0 }))
