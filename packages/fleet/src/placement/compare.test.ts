import { expect, test } from 'vitest'
import { differencesOf, differenceWords } from './compare'
import { type Decision, decide } from './decide'
import { device, GB, resolved, transcribe } from './example'
import { longestThatFits } from './fit'
import { poolsOf } from './pools'

const wordsOf = (before: Decision, now: Decision) => differencesOf(before, now).map(differenceWords)
const first = decide(device(), resolved, transcribe)

test('a decision that was kept as JSON differs in nothing from the same made again', () => {
  const kept = JSON.parse(JSON.stringify(first)) as Decision
  expect(differencesOf(kept, decide(device({}, { serving: { build: 'e2b-q8_0' } }), resolved, transcribe))).toEqual([])
})

test('a longer context is named, and what no longer fits for it', () => {
  const now = decide(device(), resolved, { ...transcribe, context: 100_000, slots: 2 })
  const words = wordsOf(first, now)
  expect(words).toContain('its workload asks for 100,000 tokens of context, and asked for 4,096 tokens')
  expect(words).toContain('its workload asks otherwise: slots')
  expect(words.filter((one) => one.includes('no longer fits: '))).not.toEqual([])
})

test('less memory is told in bytes, and leads to another build', () => {
  const memory = { totalBytes: 8.45 * GB, availableBytes: 4 * GB }
  const words = wordsOf(first, decide(device({ memory }), resolved, transcribe))
  expect(words[0]).toMatch(/ would be chosen now, e2b-q8_0 was then$/)
  expect(words.join('\n')).toMatch(/e2b-q8_0 no longer fits: it needs .* GiB of memory and 3.49 GiB may be used/)
})

test('a speed that was measured meanwhile is told against what was expected', () => {
  const measured = () => ({ build: 'e2b-q8_0', deviceClass: 'v1:0000000000000001', generationPerSecond: 2 })
  const words = wordsOf(first, decide(device({}, { serving: { build: 'e2b-q8_0' } }), resolved, transcribe, measured))
  expect(words).toEqual([
    expect.stringMatching(/^e2b-q8_0 writes 2.0 tokens\/s \(measured\), \d+ % less than was expected then$/),
  ])
})

test('a pin is told of once, not with every build that it shuts out', () => {
  const now = decide(device(), resolved, { ...transcribe, pin: 'e2b-q8_0' })
  expect(wordsOf(first, now)).toEqual(['its workload asks otherwise: pin'])
})

test('another workload is all that needs to be said of what is asked', () => {
  const now = decide(device(), resolved, { ...transcribe, id: 'shops', context: 8192 })
  expect(wordsOf(first, now)[0]).toBe('it is for shops now, and was for calls')
})

test('the longest context that fits is one that fits, and 256 tokens more do not', () => {
  const at = (context: number) =>
    decide(device({ memory: { totalBytes: 7.5 * GB } }), resolved, { ...transcribe, context })
  const build = resolved.builds.find(({ id }) => id === 'e2b-q8_0')
  const variant = resolved.variants.find(({ id }) => id === 'e2b')
  if (!build || !variant) throw new Error('the catalogue has lost its first build')
  const longest = longestThatFits(variant, build, transcribe, poolsOf(device({ memory: { totalBytes: 7.5 * GB } })))
  const fits = (context: number) => at(context).candidates.find((one) => one.build === build.id)?.fit !== undefined
  expect(longest).toBeGreaterThan(4096)
  expect([fits(longest), longest === variant.maxContext || !fits(longest + 256)]).toEqual([true, true])
})
