import { expect, test } from 'vitest'
import { change, heard, workLines } from './work-words'

const none = {
  ...{ requests: 0, failedRequests: 0, audioSeconds: 0, hearingSeconds: 0 },
  ...{ promptTokens: 0, generatedTokens: 0, generationSeconds: 0, engineSeconds: 0 },
}

test.each([
  [112, 100, '+12 %'],
  [50, 100, '−50 %'],
  [100, 100, 'as then'],
  [0, 0, 'as then'],
  [3, 0, 'none then'],
  [0, 3, '−100 %'],
  [1200, 100, '12 times'],
  [null, 5, null],
])('%j after %j is %j', (now, before, words) => {
  expect(change(now, before)).toBe(words)
})

test.each([
  [0, '0 min'],
  [90, '2 min'],
  [7140, '119 min'],
  [7200, '2 h'],
  [4_000_000, '1,111 h'],
])('%d s of speech are %s', (seconds, words) => {
  expect(heard(seconds)).toBe(words)
})

test('what was not done has no speed, and what is not known of last week is not compared', () => {
  const lines = workLines(
    { ...none, requests: 200, failedRequests: 1, generatedTokens: 9000, generationSeconds: 600 },
    null,
  )
  expect(lines).toEqual([
    { name: 'Speech heard', value: '0 min', change: null },
    { name: 'Time for 1 s of speech', value: null, change: null },
    { name: 'Tokens written', value: '9,000', change: null },
    { name: 'Speed while writing', value: '15.0 tokens/s', change: null },
    { name: 'Requests', value: '200', change: null },
    { name: 'Failed', value: '1 (under 1 %)', change: null },
  ])
})
