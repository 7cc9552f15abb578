import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from './open'
import { enrolOne, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
let store: Store
let till: string
let kiosk: string

beforeEach(async () => {
  store = await openStore(newFile(folder))
  await store.setHubInfo(hub)
  till = await enrolOne(store, 'till-7')
  kiosk = await enrolOne(store, 'kiosk')
  await store.setLabels(till, { site: 'lyon', line: '1' }, 'user:ada')
  await store.setLabels(kiosk, { site: 'oslo' }, 'user:ada')
})
afterEach(() => store.close())

const audited = async () => (await store.listAudit()).filter(({ actor }) => actor === 'user:otto')

test('labels of many are given and taken, and what they had besides stays', async () => {
  const changed = await store.changeLabels([till, kiosk], { set: { site: 'graz' }, remove: ['line'] }, 'user:otto')
  expect(changed.sort()).toEqual([till, kiosk].sort())
  expect(await store.labelsOf(till)).toEqual({ site: 'graz' })
  expect(await store.labelsOf(kiosk)).toEqual({ site: 'graz' })
  const entries = (await audited()).map(({ action, target, detail }) => ({ action, target, detail }))
  expect(entries).toEqual(
    expect.arrayContaining([
      { action: 'labels-set', target: till, detail: { before: 'line: 1, site: lyon', after: 'site: graz' } },
      { action: 'labels-set', target: kiosk, detail: { before: 'site: oslo', after: 'site: graz' } },
    ]),
  )
})

test('only devices that are otherwise than before are changed and audited', async () => {
  const change = { set: { site: 'lyon' }, remove: ['nothing'] }
  expect(await store.changeLabels([till, kiosk, 'nobody'], change, 'user:otto')).toEqual([kiosk])
  expect(await store.labelsOf(till)).toEqual({ site: 'lyon', line: '1' })
  expect((await audited()).map(({ target }) => target)).toEqual([kiosk])
})

test('more labels than a device may have are refused, and nothing is changed', async () => {
  const set = Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`l${i}`, 'x']))
  await expect(store.changeLabels([kiosk, till], { set, remove: [] }, 'user:otto')).rejects.toThrow('at most 32 labels')
  expect(await store.labelsOf(kiosk)).toEqual({ site: 'oslo' })
  expect(await audited()).toEqual([])
})

test('many are revoked at once, each once', async () => {
  await store.revokeDevice(kiosk, 'user:ada')
  expect(await store.revokeDevices([till, kiosk, 'nobody'], 'user:otto')).toEqual([till])
  expect((await store.device(till))?.revokedMs).toBeGreaterThan(0)
  expect(await audited()).toMatchObject([{ action: 'device-revoked', target: till }])
})
