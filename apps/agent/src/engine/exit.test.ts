import { expect, test } from 'vitest'
import { failureOf, outOfMemoryKills } from './exit'
import type { Exit } from './runtime'

const killed: Exit = { code: null, signal: 'SIGKILL', said: null }

test.each<[string, Exit, { before: number | null; after: number | null; isAndroid?: boolean }, object]>([
  [
    'its own reason counts first',
    { ...killed, said: { code: 'bad-file', detail: {} } },
    { before: 1, after: 2 },
    { code: 'bad-file' },
  ],
  [
    'a crash',
    { ...killed, signal: 'SIGSEGV' },
    { before: 0, after: 0 },
    { code: 'killed-by-signal', detail: { signal: 'SIGSEGV' } },
  ],
  [
    'an end by itself',
    { code: 3, signal: null, said: null },
    { before: 0, after: 0 },
    { code: 'ended', detail: { exitCode: 3 } },
  ],
  [
    'killed, and the kernel counted it',
    killed,
    { before: 4, after: 5 },
    { code: 'out-of-memory', detail: { kills: 1 } },
  ],
  [
    'killed, and it did not',
    killed,
    { before: 4, after: 4 },
    { code: 'killed-by-signal', detail: { signal: 'SIGKILL' } },
  ],
  [
    'killed on Android without a record',
    killed,
    { before: null, after: null, isAndroid: true },
    { code: 'killed-likely-by-android' },
  ],
  ['killed where nothing is counted', killed, { before: null, after: null }, { code: 'killed-by-signal' }],
])('%s', (_, exit, { before, after, isAndroid = false }, failure) => {
  expect(failureOf(exit, { isAndroid, outOfMemoryKills: () => after }, before)).toMatchObject(failure)
})

test.runIf(process.platform === 'linux')('Linux counts its kills', () => {
  expect(outOfMemoryKills()).toBeGreaterThanOrEqual(0)
})
