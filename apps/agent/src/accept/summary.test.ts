import { describe, expect, test } from 'vitest'
import { exampleClip as clip, exampleRuns } from './example'
import { type Counts, type HeardClip, type Pass, type Runs, summaryOf, type Vitals } from './summary'

const pass = (clips: HeardClip[], before: Counts | null = null, after: Counts | null = null): Pass => ({
  clips,
  before,
  after,
})
const report = (changes: Partial<Runs> = {}) => summaryOf(exampleRuns(changes))

describe('errors', () => {
  test.each<[string, [language: string, said: string, heard: string][], object[]]>([
    ['none', [['en', 'Seven, two.', 'seven two']], [{ counted: 'words', said: 2, errors: 0, rate: 0 }]],
    ['nothing heard', [['en', 'seven two', '']], [{ said: 2, errors: 2, rate: 1 }]],
    ['more than was said', [['en', 'go', 'go on and on']], [{ said: 1, errors: 3, rate: 3 }]],
    [
      'a long clip counts for more',
      [
        ['en', 'a b c', 'a b c'],
        ['en', 'go', 'no'],
      ],
      [{ clips: 2, said: 4, errors: 1, rate: 0.25 }],
    ],
    [
      'languages apart, in order',
      [
        ['es', 'dos', 'dos'],
        ['en', 'two', 'too'],
        ['es', 'tres', 'tres'],
      ],
      [
        { language: 'en', clips: 1, rate: 1 },
        { language: 'es', clips: 2, rate: 0 },
      ],
    ],
    [
      'characters, where words stand together',
      [['zh', '你好，世界', '你好世间']],
      [{ counted: 'characters', said: 4, errors: 1, rate: 0.25 }],
    ],
    ['characters, whatever the region', [['zh-TW', '你好', '你好']], [{ counted: 'characters', said: 2 }]],
  ])('%s', (_, clips, errors) => {
    const heard = clips.map(([language, said, heard]) => clip({ language, said, heard }))
    expect(report({ cold: pass(heard) }).errors).toEqual(errors.map((one) => expect.objectContaining(one)))
  })
})

describe('speed', () => {
  const counts = (promptTokens: number, promptSeconds: number, generatedTokens: number, generationSeconds: number) => ({
    promptTokens,
    promptSeconds,
    generatedTokens,
    generationSeconds,
  })
  const clips = [clip({ audioSeconds: 3, workSeconds: 1 }), clip({ audioSeconds: 1, workSeconds: 5, waitedSeconds: 2 })]

  test.each<[string, Pass, object, string[]]>([
    [
      'is all work over all sound, waiting included',
      pass(clips),
      { realTimeFactor: 1.5, audioSeconds: 4, workSeconds: 6, waitedSeconds: 2 },
      ['promptPerSecond', 'generationPerSecond'],
    ],
    [
      'of tokens is what the counts rose by',
      pass(clips, counts(1000, 10, 100, 50), counts(1300, 12, 140, 54)),
      { promptPerSecond: 150, generationPerSecond: 10 },
      [],
    ],
    [
      'of a few tokens is not told',
      pass(clips, counts(0, 0, 0, 0), counts(100, 1, 7, 1)),
      { promptPerSecond: 100 },
      ['generationPerSecond'],
    ],
    [
      'of tokens is unknown where the time did not count',
      pass(clips, counts(0, 0, 0, 0), counts(100, 0, 100, 1)),
      { generationPerSecond: 100 },
      ['promptPerSecond'],
    ],
  ])('%s', (_, cold, told, untold) => {
    const speed = report({ cold }).cold
    expect(speed).toMatchObject(told)
    for (const name of untold) expect(JSON.stringify(speed)).not.toContain(name)
  })

  test('has four digits', () => {
    const cold = pass([clip({ audioSeconds: 3, workSeconds: 1.000_049 })])
    expect(report({ cold }).cold).toMatchObject({ realTimeFactor: 0.3333, workSeconds: 1 })
  })

  test('is cold alone when there was no second pass', () => {
    expect(report().hot).toBeNull()
  })

  test('is hot after so many minutes', () => {
    const hot = { ...pass([clip({ workSeconds: 8 })]), afterMinutes: 20 }
    expect(report({ hot }).hot).toMatchObject({ realTimeFactor: 2, afterMinutes: 20 })
  })
})

test.each<[string, Vitals[], object | undefined]>([
  ['is unknown where none was read', [{}, {}], undefined],
  ['is unknown where it could not be read at the end', [{ celsius: 50 }, { celsius: 60 }, {}], undefined],
  [
    'tells the hottest',
    [{ celsius: 50 }, { celsius: 84 }, {}, { celsius: 70 }],
    { beforeC: 50, afterC: 70, hottestC: 84 },
  ],
])('the temperature %s', (_, vitals, temperature) => {
  expect(report({ vitals }).temperature).toEqual(temperature)
})

test.each<[string, Vitals[], object | undefined]>([
  ['is unknown where none was read', [{}, {}], undefined],
  [
    'tells each that was seen, once',
    [
      { throttling: { now: [], sinceBoot: ['undervoltage'] } },
      { throttling: { now: ['throttled', 'frequency-capped'], sinceBoot: ['undervoltage', 'throttled'] } },
      {},
      { throttling: { now: ['throttled'], sinceBoot: ['undervoltage', 'throttled'] } },
    ],
    { seen: ['throttled', 'frequency-capped'], sinceBoot: ['undervoltage', 'throttled'] },
  ],
])('throttling %s', (_, vitals, throttling) => {
  expect(report({ vitals }).throttling).toEqual(throttling)
})

test('what was heard in silence is counted and not told', () => {
  const told = report({
    silence: [
      { sound: 'silence', seconds: 10, heard: '' },
      { sound: 'faint-noise', seconds: 10, heard: 'Thank you for watching.' },
    ],
  })
  expect(told.silence.map(({ inventedWords }) => inventedWords)).toEqual([0, 4])
  expect(JSON.stringify(told)).not.toContain('watching')
})

test('neither the serial, nor programs, names or paths of the device get into the report', () => {
  const secret = 'cafe'.repeat(4)
  const holders = [{ name: 'payroll', bytes: 1 }]
  const told = report({
    host: {
      ...exampleRuns().host,
      facts: {
        board: { model: 'Raspberry Pi 5', serialHash: secret },
        memory: { totalBytes: 8e9, holders },
        accelerators: [{ kind: 'nvidia', name: 'RTX 4090', holders }],
        network: { hostname: 'anna-laptop', interfaces: [] },
      },
      unreadable: [
        { fact: 'storage.kind', code: 'failed', detail: '/home/anna' },
        { fact: 'thermal', code: 'not-present', detail: 'no zones' },
      ],
    },
  })
  expect(told.device).toMatchObject({ board: { model: 'Raspberry Pi 5' }, memory: { totalBytes: 8e9 } })
  expect(told.unreadable.map(({ fact }) => fact)).toEqual(['thermal'])
  expect(JSON.stringify(told)).not.toMatch(RegExp(`${secret}|payroll|anna`))
})
