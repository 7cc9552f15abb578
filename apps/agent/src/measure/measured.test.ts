import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Measurement } from '../host/host'
import { apart } from './apart'
import { measuredIn } from './measured'
import { bufferBytesOf } from './memory-bandwidth'
import { largeModelIn } from './read-speed'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tradewind-measured-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** The rate, or why there is none: this machine may be busy, or its filesystem know no way past its cache. */
const outcome = (measuring: Parameters<typeof measuredIn>[1], what: Measurement) =>
  measuredIn(folder, measuring)
    .measured(what)
    .catch((error: { code: string }) => error.code)

describe('what is measured', () => {
  it.each(['memory-bandwidth', 'read-speed'] as const)('%s, once, is remembered', async (what) => {
    const first = await outcome('once', what)
    if (typeof first === 'string') return expect(['failed', 'unsupported']).toContain(first)
    expect(first).toBeGreaterThan(0)
    expect(await outcome('once', what)).toBe(first)
    expect(await outcome('never', what)).toBe(first)
    expect(await readdir(folder)).toEqual(['measured.json'])
  })

  it('is never measured where nobody wants it', async () => {
    expect(await outcome('never', 'memory-bandwidth')).toBe('not-present')
    expect(await outcome('never', 'read-speed')).toBe('not-present')
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves nothing behind when it is only looked at', async () => {
    await outcome('look', 'memory-bandwidth')
    expect(await outcome('look', 'read-speed')).toBe('not-present')
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    ['of another machine', JSON.stringify({ 'memory-bandwidth': { of: 'a Pi', bytesPerSecond: 1 } })],
    ['damaged', '{"memory-band'],
    ['nonsense', JSON.stringify({ 'memory-bandwidth': { of: 1, bytesPerSecond: -1 } })],
    ['empty', 'null'],
  ])('is not believed when what is remembered is %s', async (_, text) => {
    await writeFile(path.join(folder, 'measured.json'), text)
    expect(await outcome('never', 'memory-bandwidth')).toBe('not-present')
    expect(await readFile(path.join(folder, 'measured.json'), 'utf8')).toBe(text)
  })
})

describe('the file to read', () => {
  const [large, small] = [Buffer.alloc(64 * 1024 * 1024), Buffer.alloc(1024 * 1024)]

  it('is the largest model, when it is as large as one', async () => {
    const models = path.join(folder, 'models/e2b')
    await mkdir(models, { recursive: true })
    await writeFile(path.join(models, 'projector'), small)
    expect(await largeModelIn(folder)).toBeUndefined()
    await writeFile(path.join(models, 'weights'), large)
    expect(await largeModelIn(folder)).toBe(path.join(models, 'weights'))
  })

  it('is none that happens to lie around', async () => {
    await writeFile(path.join(folder, 'holidays.mp4'), large)
    expect(await largeModelIn(folder)).toBeUndefined()
  })
})

describe('the buffers of a copy', () => {
  const [mib, gib] = [1024 ** 2, 1024 ** 3]
  it.each([
    [4, 6 * gib, 32 * mib],
    [32, 60 * gib, 8 * mib],
    [4, 1 * gib, 16 * mib],
    [9, 1 * gib, Math.floor(gib / 8 / 18)],
  ])('of %d threads with %d bytes free are %d bytes each', (threads, free, wanted) => {
    expect(bufferBytesOf(threads, free)).toBe(wanted)
  })

  it('are none where memory is short', () => {
    expect(() => bufferBytesOf(4, 200 * mib)).toThrow(/too little memory is free/)
  })
})

describe('work apart', () => {
  it('answers with what the function gives', async () => {
    expect(await apart(({ n }: { n: number }) => ({ twice: n * 2 }), { n: 21 }, 10_000)).toEqual({ twice: 42 })
  })

  it('that fails or hangs says so', async () => {
    const fail = () => {
      throw new Error('no')
    }
    const hang = () => new Promise((resolve) => setTimeout(resolve, 60_000))
    await expect(apart(fail, {}, 10_000)).rejects.toMatchObject({ code: 'failed' })
    await expect(apart(hang, {}, 500)).rejects.toMatchObject({ code: 'timed-out' })
  })
})
