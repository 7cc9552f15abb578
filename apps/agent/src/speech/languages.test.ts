import { expect, test } from 'vitest'
import { languageOf, languages } from './languages'

test.each([
  ['es', 'es'],
  ['Spanish', 'es'],
  ['SPANISH', 'es'],
  [' es ', 'es'],
  ['pt-BR', 'pt'],
  ['zh_Hans', 'zh'],
  ['yue', 'yue'],
  ['klingon', undefined],
  ['', undefined],
  ['constructor', undefined],
])('%j is %s', (word, code) => {
  expect(languageOf(word)?.code).toBe(code)
})

test('each code and each name stands once', () => {
  for (const part of ['code', 'name'] as const)
    expect(new Set(languages.map((one) => one[part])).size).toBe(languages.length)
})
