import { expect, test } from 'vitest'
import type { Refusal } from './refusal'
import { remedyOf } from './remedies'

const GiB = 2 ** 30

test.each<[Refusal, string]>([
  [
    { code: 'memory-short', needBytes: 5.5 * GiB, haveBytes: 4 * GiB, longestContext: 16_384 },
    '1.50 GiB more memory, or a context of 16,384 tokens or less',
  ],
  [{ code: 'memory-short', needBytes: 9 * GiB, haveBytes: 4 * GiB, longestContext: 0 }, '5.00 GiB more memory'],
  [{ code: 'disk-short', needBytes: 3 * GiB, haveBytes: 1 * GiB }, '2.00 GiB more room on its disk'],
  [{ code: 'context-too-long', maxTokens: 131_072, askedTokens: 200_000 }, 'a context of 131,072 tokens or less'],
  [{ code: 'engine-unsupported', engine: 'mlx', needBuild: 0, haveBuild: null }, 'mlx on the device'],
  [
    { code: 'engine-unsupported', engine: 'llama-server', needBuild: 9297, haveBuild: 9000 },
    'llama-server build 9297 or newer on the device',
  ],
  [
    { code: 'too-slow', unit: 'tokens/s', need: 20, have: 7.61 },
    'a faster device, or a workload content with 7.6 tokens/s',
  ],
])('%o needs %s', (refusal, remedy) => {
  expect(remedyOf(refusal)).toBe(remedy)
})
