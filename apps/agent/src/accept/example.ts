import type { HeardClip, Runs } from './summary'

/** Runs in which little happened, for tests to change. */
export const exampleRuns = (changes: Partial<Runs> = {}): Runs => ({
  at: Date.parse('2026-11-24T14:05:00Z'),
  build: {
    id: 'e2b-q8_0',
    label: 'Gemma 4 E2B, Q8_0',
    demo: false,
    files: [{ role: 'weights', sha256: 'a'.repeat(64) }],
  },
  engine: { name: 'llama-server', version: 'b7000', commit: 'c0ffee' },
  contextTokens: 4096,
  warnings: [],
  clips: { count: 1, sha256: 'b'.repeat(64) },
  host: { at: 0, agentVersion: '0.1.0', deviceClass: 'v1:0123456789abcdef', facts: {}, unreadable: [] },
  cold: { clips: [exampleClip()], before: null, after: null },
  hot: null,
  residentBytes: null,
  vitals: [{}, {}],
  silence: [],
  ...changes,
})

export const exampleClip = (changes: Partial<HeardClip> = {}): HeardClip => ({
  language: 'en',
  said: 'seven two down go',
  heard: 'seven two down go',
  audioSeconds: 4,
  workSeconds: 2,
  waitedSeconds: 0,
  ...changes,
})
