import { expect, test } from 'vitest'
import { realTimeFactorOf, tokensPerSecondOf } from './work'

test('hearing at half the speed of sound, and writing 12 tokens a second', () => {
  expect(realTimeFactorOf({ audioSeconds: 60, hearingSeconds: 120 })).toBe(2)
  expect(tokensPerSecondOf({ generatedTokens: 30, generationSeconds: 2.5 })).toBe(12)
})

test('of nothing there is no speed', () => {
  expect(realTimeFactorOf({ hearingSeconds: 3 })).toBeNull()
  expect(tokensPerSecondOf({ generatedTokens: 3 })).toBeNull()
})

test('silence is heard without the engine', () => {
  expect(realTimeFactorOf({ audioSeconds: 60 })).toBe(0)
})
