import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Clips } from './clips'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const mib = 1024 * 1024

/** A body of so many bytes, in pieces; `breaks` at its end when whoever sends it goes away. */
async function* body(bytes: number, { breaks = false } = {}) {
  for (let left = bytes; left > 0; left -= mib) yield Buffer.alloc(Math.min(left, mib), 1)
  if (breaks) throw new Error('aborted')
}

async function take(clips: Clips, bytes: number) {
  const clip = await clips.take('k7m2p9q4', body(bytes))
  if (typeof clip === 'string') throw new Error(clip)
  return clip
}

test('all clips together keep within 64 MiB, and one that went makes room', async () => {
  const clips = new Clips()
  const first = await take(clips, 25 * mib)
  await take(clips, 25 * mib)
  expect(await clips.take('k7m2p9q4', body(20 * mib))).toBe('busy')
  expect(clips.bytesHeld).toBe(50 * mib)
  clips.drop(first.path)
  await take(clips, 20 * mib)
  expect(clips.bytesHeld).toBe(45 * mib)
})

test('what is being sent is held until it was', async () => {
  const clips = new Clips()
  const { path } = await take(clips, 3 * mib)
  const fetched = clips.fetch(path, 'k7m2p9q4')
  expect(clips.bytesHeld).toBe(3 * mib)
  fetched?.done()
  fetched?.done()
  expect(clips.bytesHeld).toBe(0)
})

test('a clip that nobody fetched is gone after two minutes', async () => {
  const clips = new Clips()
  const { path } = await take(clips, mib)
  vi.advanceTimersByTime(119_000)
  expect(clips.bytesHeld).toBe(mib)
  vi.advanceTimersByTime(1_000)
  expect(clips.bytesHeld).toBe(0)
  expect(clips.fetch(path, 'k7m2p9q4')).toBeNull()
})

test.each([
  ['too large', () => body(25 * mib + 1), 'too-large'],
  ['broken off', () => body(mib, { breaks: true }), 'bad-request'],
  ['empty', () => body(0), 'bad-request'],
])('a body that is %s is refused and leaves nothing', async (_, made, code) => {
  const clips = new Clips()
  expect(await clips.take('k7m2p9q4', made())).toBe(code)
  expect(clips.bytesHeld).toBe(0)
})
