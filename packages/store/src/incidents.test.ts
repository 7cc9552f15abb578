import { deviceClassOf } from '@tradewind/fleet'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import type { ThrottledSpan } from './model'
import { openStore, type Store } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const t0 = 1_790_000_000_000
let store: Store
let id: string

beforeEach(async () => {
  store = await openStore(newFile(folder), { ingests: true })
  await store.setHubInfo(hub)
  id = await enrolOne(store)
})
afterEach(() => store.close())

async function report(atMs: number, now?: ThrottledSpan['throttles']) {
  const facts = now ? { throttling: { now, sinceBoot: now } } : {}
  const said = { at: atMs, agentVersion: '0.1.0', deviceClass: deviceClassOf(facts), facts, unreadable: [] }
  await store.commit(group({ reports: [{ deviceId: id, report: said, receivedMs: atMs }] }))
}

test('a span reaches from the report that says so to the next one, and the last has no end', async () => {
  await report(t0)
  await report(t0 + 1000, ['undervoltage'])
  await report(t0 + 2000, ['undervoltage', 'throttled'])
  await report(t0 + 3000, [])
  await report(t0 + 4000, ['throttled'])
  expect(await store.throttledSpans(id, t0, t0 + 9000)).toEqual([
    { fromMs: t0 + 1000, toMs: t0 + 2000, throttles: ['undervoltage'] },
    { fromMs: t0 + 2000, toMs: t0 + 3000, throttles: ['undervoltage', 'throttled'] },
    { fromMs: t0 + 4000, toMs: null, throttles: ['throttled'] },
  ])
})

test('spans that only touch the range are not of it', async () => {
  await report(t0, ['throttled'])
  await report(t0 + 1000, [])
  expect(await store.throttledSpans(id, t0 + 1000, t0 + 2000)).toEqual([])
  expect(await store.throttledSpans(id, t0 - 1000, t0)).toEqual([])
  expect(await store.throttledSpans(id, t0 + 500, t0 + 600)).toHaveLength(1)
})

test('those that were lost within a minute are counted, without the device itself and those that are back', async () => {
  const ids = [id]
  for (const name of ['b', 'c', 'd']) ids.push(await enrolOne(store, name))
  const [, near, far, back] = ids as [string, string, string, string]
  const lost = (deviceId: string, sinceMs: number, state: 'lost' | 'online' = 'lost') => ({
    ...{ deviceId, state, start: 1, session: 1, sinceMs },
  })
  const presences = [lost(id, t0), lost(near, t0 + 50_000), lost(far, t0 - 70_000), lost(back, t0, 'online')]
  await store.commit(group({ presences }))
  expect(await store.lostBeside(id, t0)).toBe(1)
})
