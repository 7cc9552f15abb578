import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { testFolder } from '@tradewind/testkit'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { fileOf, someBytes } from './example'
import { fetchFile, fetchLimits, realClock } from './fetch-file'
import { PartialFile } from './partial-file'
import { firstGap, type Range, reach, sizeOf, withoutRange, withRange } from './ranges'
import type { Source } from './source'
import { ArtifactError } from './trouble'

const size = 5_000
const content = someBytes(size)
const file = fileOf('model.gguf', content)

const range = fc.tuple(fc.nat(size - 1), fc.nat(size)).map(([a, b]): Range => [Math.min(a, b), Math.max(a, b)])

test('ranges are what a set of numbers would be', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ range, adds: fc.boolean() }), { maxLength: 12 }), (steps) => {
      let ranges: readonly Range[] = []
      const set = new Set<number>()
      for (const { range, adds } of steps) {
        ranges = adds ? withRange(ranges, range) : withoutRange(ranges, range)
        for (let i = range[0]; i < range[1]; i++) adds ? set.add(i) : set.delete(i)
      }
      expect(sizeOf(ranges)).toBe(set.size)
      let end = 0
      while (set.has(end)) end++
      expect(reach(ranges, 0)).toBe(end)
      const gap = firstGap(ranges, size, 100)
      if (!gap) return expect(end).toBe(size)
      expect(gap[0]).toBe(end)
      expect(gap[1] > gap[0] && gap[1] - gap[0] <= 100).toBe(true)
      for (let i = gap[0]; i < gap[1]; i++) expect(set.has(i)).toBe(false)
    }),
  )
})

/** What a run meets: bytes in any order, then it ends in some way. */
const run = fc.record({
  parts: fc.array(range, { maxLength: 8 }),
  synced: fc.boolean(),
  ends: fc.constantFrom('killed', 'power-cut', 'cut-off-journal', 'meddled'),
  at: fc.nat(size - 1),
})

/** Writes as a download would, and ends without a word. */
async function crash(whole: string, { parts, synced, ends, at }: typeof run extends fc.Arbitrary<infer T> ? T : never) {
  const partial = await PartialFile.open(file, whole)
  for (const [from, to] of parts) if (from < to) await partial.write(from, [content.subarray(from, to)])
  if (synced) await partial.sync()
  await partial.close()
  const [data, journal] = [`${whole}.partial`, `${whole}.journal`]
  // a power cut: what was not synced may be zeros, and the boot is another
  if (ends === 'power-cut') await edit(journal, (text) => text.replaceAll(/"boot":"[^"]*"/g, '"boot":"before"'))
  if (ends === 'power-cut' && !synced) await poke(data, at)
  if (ends === 'cut-off-journal') await edit(journal, (text) => text.slice(0, -1 - (at % 40)))
  if (ends === 'meddled') await poke(data, at)
}

async function edit(name: string, change: (text: string) => string) {
  const changed = change(readFileSync(name, 'utf8'))
  const handle = await open(name, 'w')
  await handle.writeFile(changed).finally(() => handle.close())
}
async function poke(name: string, at: number) {
  const handle = await open(name, 'r+')
  await handle.write(Buffer.alloc(100), 0, Math.min(100, size - at), at).finally(() => handle.close())
}

const honest: Source = {
  name: 'honest',
  read: async ({ range }) => pieces(content.subarray(...(range ?? [0, size]))),
}
const liar: Source = {
  name: 'liar',
  read: async ({ range }) => pieces(Buffer.alloc(size, 7).subarray(...(range ?? [0, size]))),
}
const quitter: Source = {
  name: 'quitter',
  read: async ({ range }) => pieces(content.subarray(...(range ?? [0, size])).subarray(0, 200)),
}
async function* pieces(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += 130) yield bytes.subarray(at, at + 130)
}

test('any order of arrivals, crashes and corruptions ends in the right bytes or in no file', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(run, { maxLength: 4 }),
      fc.array(fc.constantFrom(honest, liar, quitter), { minLength: 1, maxLength: 3 }),
      async (runs, sources) => {
        const folder = testFolder('crash')
        const whole = path.join(folder, file.sha256)
        for (const one of runs) await crash(whole, one)
        expect(existsSync(whole)).toBe(false)
        const limits = { ...fetchLimits, partBytes: 700, batchBytes: 300 }
        const fetching = { sources, signal: new AbortController().signal, limits, onBytes: () => {} }
        const clock = { ...realClock, sleep: async () => {} }
        const outcome = await fetchFile(file, whole, { ...fetching, clock }).catch((error) => error)
        if (outcome instanceof Error && !(outcome instanceof ArtifactError)) throw outcome
        expect(existsSync(whole)).toBe(!outcome)
        if (sources.some((source) => source !== liar)) expect(outcome).toBeUndefined()
        if (outcome) return
        expect(readFileSync(whole).equals(content)).toBe(true)
        expect(readdirSync(folder)).toEqual([file.sha256])
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)

test('after a kill all that was written counts, after a power cut what was synced', async () => {
  const whole = path.join(testFolder('crash'), file.sha256)
  const partial = await PartialFile.open(file, whole)
  await partial.write(0, [content.subarray(0, 1_000)])
  await partial.sync()
  await partial.write(2_000, [content.subarray(2_000, 3_000)])
  await partial.close()
  const again = await PartialFile.open(file, whole)
  expect(again.have).toEqual([
    [0, 1_000],
    [2_000, 3_000],
  ])
  await again.close()
  await edit(`${whole}.journal`, (text) => text.replaceAll(/"boot":"[^"]*"/g, '"boot":"before"'))
  const rebooted = await PartialFile.open(file, whole)
  expect(rebooted.have).toEqual([[0, 1_000]])
  await rebooted.close()
})

test('a disk that lost bytes once does not get a whole file out of it', async () => {
  const whole = path.join(testFolder('crash'), file.sha256)
  const partial = await PartialFile.open(file, whole)
  await partial.write(0, [content])
  const { prototype } = await handleClass(whole)
  const failing = vi
    .spyOn(prototype, 'datasync')
    .mockRejectedValueOnce(Object.assign(new Error('lost'), { code: 'EIO' }))
  await expect(partial.sync()).rejects.toThrow('lost')
  failing.mockRestore()
  await expect(partial.finish()).rejects.toThrow('lost')
  await partial.close()
  expect(existsSync(whole)).toBe(false)
})

/** Node does not export the class of its file handles. */
async function handleClass(whole: string) {
  const handle = await open(`${whole}.partial`, 'r')
  await handle.close()
  return { prototype: Object.getPrototypeOf(handle) as { datasync: () => Promise<void> } }
}
