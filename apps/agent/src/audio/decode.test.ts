import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { decode, sampleRate } from './decode'
import { fixture, fixtures, wavFile } from './testing'

const minute = { mostSeconds: 60 }

// the decoder is the bundled one, as it is shipped
beforeAll(() => promisify(execFile)('node', [path.join(fixtures, '../../tools/bundle.mjs'), 'agent']))

describe('decoding in a process of its own', () => {
  test.each(['flac.flac', 'mp3.mp3', 'vorbis.ogg', 'opus.webm', 'aac.m4a'])('gives the clip of %s', async (kind) => {
    const bytes = fixture(`audio/stereo-44k1-${kind}`)
    const decoded = await decode(bytes, minute)
    expect(decoded).toMatchObject({ ok: true, clip: { seconds: expect.closeTo(2.7, 1) } })
    if (!decoded.ok) return
    expect(decoded.clip.samples.length).toBe(Math.round(decoded.clip.seconds * sampleRate))
    expect(bytes).toEqual(fixture(`audio/stereo-44k1-${kind}`))
  })

  test('gives refusals', async () => {
    const refused = (bytes: Uint8Array) => decode(bytes, minute)
    expect(await refused(new TextEncoder().encode('hello'))).toMatchObject({
      ok: false,
      refusal: { code: 'not-audio' },
    })
    expect(await refused(fixture('audio/one-hour.ogg'))).toMatchObject({ refusal: { code: 'audio-too-long' } })
  })

  test('decodes several at once, each its own', async () => {
    const files = [1, 2, 3, 4].map((seconds) => wavFile({ data: new Uint8Array(seconds * 32_000).fill(seconds) }))
    const clips = await Promise.all(files.map((file) => decode(file, minute)))
    expect(clips.map((it) => it.ok && it.clip.seconds)).toEqual([1, 2, 3, 4])
  })

  test('ends when it is aborted, before or while it decodes', async () => {
    const file = fixture('audio/one-hour.ogg')
    await expect(decode(file, { mostSeconds: 7200 }, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
    const leaving = new AbortController()
    const decoding = decode(file, { mostSeconds: 7200 }, leaving.signal)
    setImmediate(() => leaving.abort(new Error('left')))
    await expect(decoding).rejects.toThrow('left')
  })
})
