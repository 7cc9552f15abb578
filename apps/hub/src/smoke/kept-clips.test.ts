import { hubBytes } from '@tradewind/agent/link/hub-http'
import { smokeTest } from '@tradewind/agent/seek/smoke'
import { SmokeClips } from '@tradewind/agent/seek/smoke-clips'
import type { SmokeClipKept, Workload } from '@tradewind/protocol'
import {
  askHub,
  eventually,
  resolvedBuilds,
  ScriptedEngine,
  testFolder,
  testHub,
  VirtualDevice,
} from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'
import { KeptClips } from './kept-clips'

const calls: Workload = { id: 'calls', useCases: ['transcription'], context: 4096 }
const wav = (fill: number, size = 100) => Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(size, fill)])
const store = { noteClip: async () => {} } as never
const wish = { workload: 'calls', language: 'es', text: 'buenos dias' }

test('a clip goes from an operator to the smoke test of a device, which fetches it and is tested on it', async () => {
  const hub = await testHub()
  await hub.store.setCatalogue(resolvedBuilds, 'test')
  const query = new URLSearchParams({ ...wish, text: 'guten tag zusammen', language: 'de', actor: 'user:ada' })
  const reply = await askHub(hub, `/smoke-clips?${query}`, { method: 'POST', body: wav(1) })
  const kept = (await reply.json()) as SmokeClipKept
  expect(kept).toMatchObject({ workload: 'calls', build: null, reference: 'guten tag zusammen', bytes: 104 })
  expect(await hub.store.listAudit()).toContainEqual(
    expect.objectContaining({ action: 'clip-added', target: 'calls', actor: 'user:ada', detail: { bytes: 104 } }),
  )

  const device = await VirtualDevice.enrol(await hub.token())
  await device.connect()
  await device.tellFacts()
  await hub.store.createWorkload(calls, 'user:ada')
  await askHub(hub, '/wake', { method: 'POST' })
  const { smoke } = await eventually('its assignment', () => device.assignment)
  expect(smoke.clips).toEqual([{ sha256: kept.sha256, bytes: 104, language: 'de', reference: 'guten tag zusammen' }])

  const { urls, caPem } = device.enrolled.hub
  const fetched = new SmokeClips(testFolder('clips'))
  const from =
    (bearer: string) =>
    (at: string, { mostBytes }: { mostBytes: number }) =>
      hubBytes(`${urls[0]}${at}`, { caPem, bearer, mostBytes: Math.max(mostBytes, 4096) })
  const aborts = new AbortController().signal
  await expect(fetched.fetch(smoke.clips, from('nobody'), aborts)).rejects.toMatchObject({ code: 'source-failed' })
  await fetched.fetch(smoke.clips, from(await device.password()), aborts)
  const [clip] = smoke.clips
  expect(clip && (await fetched.read(clip))).toEqual(wav(1))

  const heard = (says: string) =>
    smokeTest(smoke, {
      engine: new ScriptedEngine(() => 'one two three'),
      clip: null,
      hearClip: async () => says,
      signal: aborts,
    })
  expect(await heard('Guten Tag zusammen')).toMatchObject({ outcome: 'flagged', wordErrors: 0 })
  expect(await heard('good day all')).toMatchObject({ outcome: 'failed', code: 'word-errors' })
}, 30_000)

describe('what is kept', () => {
  const open = (folder: string, now = Date.now) => KeptClips.open(folder, { store, now })

  test('is for its workload or its build alone, each clip once, also after a restart of the hub', async () => {
    const folder = testFolder('smoke')
    const clips = await open(folder)
    await clips.add(wav(1), wish, 'user:ada')
    await clips.add(wav(1), { build: 'small', language: 'es', text: 'buenos dias' }, 'user:ada')
    await clips.add(wav(2), { build: 'small', language: 'es', text: 'hola' }, 'user:ada')
    const again = await open(folder)
    const said = (workload: string | null, build: string) => again.of(workload, build).map(({ reference }) => reference)
    expect(said('calls', 'large')).toEqual(['buenos dias'])
    expect(said('calls', 'small')).toEqual(['buenos dias', 'hola'])
    expect(said(null, 'small')).toEqual(['buenos dias', 'hola'])
    expect(said('tills', 'large')).toEqual([])
  })

  test('that is added once more has its newest words', async () => {
    const clips = await open(testFolder('smoke'))
    await clips.add(wav(1), wish, 'user:ada')
    await clips.add(wav(1), { ...wish, text: 'buenas tardes' }, 'user:bob')
    expect(clips.list()).toMatchObject([{ reference: 'buenas tardes', addedBy: 'user:bob' }])
  })

  test('is ten for one, small enough, and sound', async () => {
    const clips = await open(testFolder('smoke'))
    for (let i = 0; i < 10; i++) expect(await clips.add(wav(i), wish, 'user:ada')).toMatchObject({ bytes: 104 })
    expect(await clips.add(wav(10), wish, 'user:ada')).toBe('clips-full')
    expect(await clips.add(wav(3), { ...wish, text: 'otra vez' }, 'user:ada')).toMatchObject({ reference: 'otra vez' })
    const other = { ...wish, workload: 'tills' }
    expect(await clips.add(wav(1, 4 * 1024 * 1024), other, 'user:ada')).toBe('too-large')
    expect(await clips.add(Buffer.from('<html>'), other, 'user:ada')).toBe('not-audio')
  })

  test('is in no new assignment once it was deleted, and can still be fetched for a week', async () => {
    const folder = testFolder('smoke')
    const clips = await open(folder)
    const kept = (await clips.add(wav(1), wish, 'user:ada')) as SmokeClipKept
    expect(await clips.remove(kept.id, 'user:ada')).toBe(true)
    expect(await clips.remove(kept.id, 'user:ada')).toBe(false)
    expect(clips.of('calls', 'small')).toEqual([])
    expect(await (await open(folder)).read(kept.sha256)).not.toBeNull()
    const nextWeek = () => Date.now() + 8 * 86_400_000
    expect(await (await open(folder, nextWeek)).read(kept.sha256)).toBeNull()
  })

  test.each(['../authority/ca.key', 'index.json', 'A'.repeat(64)])('%s is no clip', async (name) => {
    expect(await (await open(testFolder('smoke'))).read(name)).toBeNull()
  })
})
