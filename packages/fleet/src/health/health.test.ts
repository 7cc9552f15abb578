import { type Facts, throttles, unreadableCodes } from '@tradewind/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainProblem } from './explain-problem'
import { problemsOf } from './health'
import { type HealthInput, type HealthProblem, severities } from './problem'
import { type HealthCode, healthCodes, type Scale, scales } from './scales'

const now = Date.UTC(2026, 10, 24, 12)
const second = 1_000
const minute = 60_000
const day = 86_400_000

type Known = Partial<HealthInput>
const problems = (known: Known, previous: HealthProblem[] = []) => problemsOf({ nowMs: now, previous, ...known })

const report = (facts: Facts, unreadable: NonNullable<HealthInput['report']>['unreadable'] = []) => ({
  report: { atMs: now - minute, facts, unreadable },
})
const sample = (figures: object, atMs = now) => ({ atMs, ...figures })
const event = (code: string, id: string | number, detail = {}, atMs = now - minute) => ({
  id: String(id),
  code,
  atMs,
  detail,
})
const events = (code: string, count: number) => ({ events: Array.from({ length: count }, (_, i) => event(code, i)) })
const assignment = (more: object) => ({
  assignment: {
    hasReport: true,
    assignedRevision: 2,
    seenRevision: 2,
    appliedRevision: 1,
    failureCode: null,
    assignedMs: now,
    ...more,
  },
})
const bit = (name: (typeof throttles)[number]) => (value: number) =>
  report({ throttling: { now: value >= 2 ? [name] : [], sinceBoot: value >= 1 ? [name] : [] } })
const pi: Facts = { board: { model: 'Raspberry Pi 5 Model B Rev 1.0' } }
const os: Facts['os'] = { platform: 'linux', name: 'Debian', kernel: '6.12' }

/** What a device says when the number of a code is this. */
const saying: Record<HealthCode, (value: number) => Known> = {
  lost: (minutes) => ({
    presence: { state: minutes > 0 ? 'lost' : 'online', sinceMs: now - Math.max(0, minutes - 1) * minute },
  }),
  flapping: (count) => events('presence-lost', count),
  'engine-crash-loop': (count) => events('engine-crashed', count),
  undervoltage: bit('undervoltage'),
  throttled: bit('throttled'),
  'frequency-capped': bit('frequency-capped'),
  'soft-temperature-limit': bit('soft-temperature-limit'),
  'supply-low': (supplyVolts) => report({ power: { supplyVolts } }),
  hot: (left) => ({ ...report(pi), samples: [sample({ temperatureC: 85 - left })] }),
  'memory-low': (share) => ({
    ...report({ memory: { totalBytes: 1000 } }),
    samples: [sample({ memAvailableBytes: 1000 * share })],
  }),
  'memory-pressure': (pressure) => report({ memory: { totalBytes: 1000, pressure } }),
  'swap-thrash': (share) => ({
    ...report({ memory: { totalBytes: 1000, swapTotalBytes: 1000 } }),
    samples: [sample({ memAvailableBytes: 0, swapUsedBytes: 1000 * share })],
  }),
  'disk-low': (share) => ({
    ...report({ storage: { path: '/', totalBytes: 1000, freeBytes: 0 } }),
    samples: [sample({ diskFreeBytes: 1000 * share })],
  }),
  'worn-card': (wear) => report({ storage: { path: '/', totalBytes: 1000, freeBytes: 0, wear } }),
  'assignment-failed': (failed) => assignment({ failureCode: failed ? 'no-space' : null }),
  'out-of-sync': (minutes) => assignment({ assignedMs: now - minutes * minute }),
  slow: (share) => ({
    speed: { tokensPerSecond: share * 10, baselineTokensPerSecond: 10, measuredMs: now },
  }),
  expiring: (days) => ({ expiries: [{ name: 'certificate', expiresMs: now + days * day }] }),
  unreadable: (weight) =>
    report({}, weight > 0 ? [{ fact: weight >= 2 ? 'memory' : 'thermal', code: 'permission-denied', detail: '' }] : []),
  'clock-off': (seconds) => ({
    events: [
      event('agent-started', 'a', {}, now - 2 * minute),
      ...(seconds > 0 ? [event('clock-corrected', 'b', { offSeconds: -seconds })] : []),
    ],
  }),
}

const severityOf = (found: HealthProblem[], code: HealthCode) => found.find((one) => one.code === code)?.severity
const severityAt = (code: HealthCode, value: number, previous: HealthProblem[] = []) =>
  severityOf(problems(saying[code](value), previous), code)
const rankOf = (severity: HealthProblem['severity'] | undefined) =>
  severity === undefined ? severities.length : severities.indexOf(severity)

const counted: HealthCode[] = [...throttles, 'lost', 'flapping', 'engine-crash-loop', 'out-of-sync']
counted.push('assignment-failed', 'unreadable')

/** The thresholds of a code, what lies between them, and what lies beyond, from good to bad. */
function valuesOf(code: HealthCode): number[] {
  const { grades, worse } = scales[code] as Scale
  const marks = Object.values(grades).flatMap(({ raise, clear }) => [raise, clear, (raise + clear) / 2])
  const all = [...marks, Math.max(...marks) * 1.5, Math.min(...marks) / 2]
  const possible = [...new Set(counted.includes(code) ? all.map(Math.ceil) : all)].sort((a, b) => a - b)
  return worse === 'above' ? possible : possible.reverse()
}

const grades = healthCodes.flatMap((code) =>
  severities.flatMap((severity) => {
    const grade = (scales[code] as Scale).grades[severity]
    return grade ? [{ code, severity, ...grade }] : []
  }),
)

describe('the thresholds', () => {
  test.each(grades)('$code is $severity at $raise and no longer at $clear', ({ code, severity, raise, clear }) => {
    const raised = problems(saying[code](raise))
    expect(severityOf(raised, code)).toBe(severity)
    expect(rankOf(severityAt(code, clear, raised))).toBeGreaterThan(rankOf(severity))
  })

  test.each(grades)('$code: the number that clears $severity is better than the one that raises it', (grade) => {
    const { worse } = scales[grade.code]
    expect(worse === 'above' ? grade.raise > grade.clear : grade.raise < grade.clear).toBe(true)
  })

  const continuous = ['supply-low', 'hot', 'memory-low', 'memory-pressure', 'swap-thrash', 'disk-low'] as const
  const more = ['worn-card', 'slow', 'expiring', 'clock-off', 'engine-crash-loop', 'out-of-sync'] as const
  const wide = grades.filter(({ code }) => [...continuous, ...more].some((one) => one === code))
  test.each(wide)('$code: between $raise and $clear, $severity stays and does not come', (grade) => {
    const { code, severity, raise, clear } = grade
    const between = (raise + clear) / 2
    expect(severityAt(code, between, problems(saying[code](raise)))).toBe(severity)
    expect(rankOf(severityAt(code, between))).toBeGreaterThan(rankOf(severity))
  })
})

describe('what a device says', () => {
  test.each<[string, Known, string[]]>([
    ['nothing', {}, []],
    ['asleep is not lost', { presence: { state: 'sleeping', sinceMs: 0 } }, []],
    ['stopped is not lost', { presence: { state: 'disconnected', sinceMs: 0 } }, []],
    ['nine minutes lost', { presence: { state: 'lost', sinceMs: now - 9 * minute + 1 } }, ['warning lost']],
    ['an hour lost', { presence: { state: 'lost', sinceMs: now - 60 * minute } }, ['critical lost']],
    [
      'one crash told three times',
      { events: [event('engine-crashed', 1), event('engine-crashed', 1), event('engine-crashed', 1)] },
      [],
    ],
    [
      'crashes of two hours ago',
      { events: [1, 2, 3, 4].map((id) => event('engine-crashed', id, {}, now - 120 * minute)) },
      [],
    ],
    [
      'heat in all samples of the last minutes',
      { ...report(pi), samples: [81, 83, 82].map((temperatureC, i) => sample({ temperatureC }, now - i * 10_000)) },
      ['warning hot'],
    ],
    [
      'heat in all but one',
      { ...report(pi), samples: [81, 79, 82].map((temperatureC, i) => sample({ temperatureC }, now - i * 10_000)) },
      [],
    ],
    ['heat of long ago', { ...report(pi), samples: [sample({ temperatureC: 84 }, now - 10 * minute)] }, []],
    ['heat on a board whose limit is unknown', { ...report({}), samples: [sample({ temperatureC: 99 })] }, []],
    [
      'heat close to where the kernel powers off, by the zone that is hot',
      {
        ...report({
          thermal: {
            zones: [
              { name: 'nvme', celsius: 40, criticalCelsius: 84 },
              { name: 'cpu', celsius: 88, criticalCelsius: 100 },
            ],
          },
        }),
        samples: [sample({ temperatureC: 91 })],
      },
      ['warning hot'],
    ],
    [
      'a large disk with a twentieth left, which is room enough',
      {
        ...report({ storage: { path: '/', totalBytes: 2e12, freeBytes: 1e11 } }),
        samples: [sample({ diskFreeBytes: 1e11 })],
      },
      [],
    ],
    [
      'little memory and no swap to thrash',
      {
        ...report({ memory: { totalBytes: 1000, swapTotalBytes: 0 } }),
        samples: [sample({ memAvailableBytes: 80, swapUsedBytes: 0 })],
      },
      ['warning memory-low'],
    ],
    [
      'a swap that is full beside free memory',
      {
        ...report({ memory: { totalBytes: 1000, swapTotalBytes: 10 } }),
        samples: [sample({ memAvailableBytes: 800, swapUsedBytes: 10 })],
      },
      [],
    ],
    [
      'a figure that is null',
      { ...report({ memory: { totalBytes: 1000 } }), samples: [sample({ memAvailableBytes: null })] },
      [],
    ],
    [
      'a sensor that is not there',
      report({ os }, [
        { fact: 'thermal', code: 'not-present', detail: '' },
        { fact: 'throttling', code: 'unsupported', detail: '' },
        { fact: 'memory.pressure', code: 'permission-denied', detail: '' },
      ]),
      [],
    ],
    [
      'memory that is not there',
      report({ os }, [{ fact: 'memory', code: 'not-present', detail: '' }]),
      ['warning unreadable memory'],
    ],
    ['a failure of a revision that was applied', assignment({ failureCode: 'no-space', appliedRevision: 2 }), []],
    ['a failure', assignment({ failureCode: 'no-space' }), ['critical assignment-failed no-space']],
    ['a failure before the first report', assignment({ failureCode: 'no-space', hasReport: false }), []],
    [
      'a start after the one whose clock was off',
      {
        events: [
          event('clock-corrected', 1, { offSeconds: 90_000 }, now - 2 * minute),
          event('agent-started', 2, {}, now - minute),
        ],
      },
      [],
    ],
    [
      'two names that end, one of them told twice',
      {
        expiries: [
          { name: 'token', expiresMs: now + 10 * day },
          { name: 'certificate', expiresMs: now + 5 * day },
          { name: 'token', expiresMs: now + 10 * day },
        ],
      },
      ['warning expiring certificate', 'notice expiring token'],
    ],
    [
      'causes before what they cause',
      report({ throttling: { now: ['throttled', 'frequency-capped', 'undervoltage'], sinceBoot: [] } }),
      ['critical undervoltage', 'warning throttled', 'warning frequency-capped'],
    ],
  ])('%s', (_, known, wanted) => {
    const found = problems(known).map(({ severity, code, about }) => [severity, code, about].filter(Boolean).join(' '))
    expect(found).toEqual(wanted)
  })

  const numeric = ['supply-low', 'memory-pressure', 'worn-card', 'slow', 'expiring', 'hot', 'disk-low'] as const
  test.each(numeric)('%s: a number that is none clears nothing', (code) => {
    const before = problems(saying[code](valuesOf(code).at(-1) ?? 0))
    expect(before).toMatchObject([{ code }])
    expect(problems(saying[code](Number.NaN), before)).toEqual(before)
  })

  test('swap that was switched off thrashes no more', () => {
    const thrash = problems(saying['swap-thrash'](0.9)).filter(({ code }) => code === 'swap-thrash')
    expect(thrash).toHaveLength(1)
    expect(problems(report({ memory: { totalBytes: 1000, swapTotalBytes: 0 } }), thrash)).toEqual([])
  })

  test('a cool sample does not end heat, cool minutes do', () => {
    const hot = problems({ ...report(pi), samples: [sample({ temperatureC: 82 })] })
    const known = (...temperatures: number[]) => ({
      ...report(pi),
      samples: temperatures.map((temperatureC, i) => sample({ temperatureC }, now - i * 10 * second)),
    })
    expect(severityOf(problems(known(60, 76), hot), 'hot')).toBe('warning')
    expect(problems(known(60, 75), hot)).toEqual([])
  })

  test('since is the first of the samples, and stays while the severity changes', () => {
    const early = now - 2 * minute
    const warm = problems({
      ...report(pi),
      samples: [sample({ temperatureC: 82 }), sample({ temperatureC: 81 }, early)],
    })
    expect(warm).toMatchObject([{ severity: 'warning', sinceMs: early }])
    const hot = problems({ ...report(pi), samples: [sample({ temperatureC: 86 })] }, warm)
    expect(hot).toMatchObject([{ severity: 'critical', sinceMs: early }])
  })
})

const anyNumber = fc.oneof(
  fc.double({ min: -1e15, max: 1e15 }),
  fc.double({ min: 0, max: 1 }),
  fc.integer({ min: -10, max: 2000 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)
const anyTime = fc.integer({ min: now - 240 * minute, max: now + minute })
const anySample = fc.record(
  {
    atMs: anyTime,
    temperatureC: anyNumber,
    memAvailableBytes: fc.option(anyNumber),
    swapUsedBytes: anyNumber,
    diskFreeBytes: anyNumber,
  },
  { requiredKeys: ['atMs'] },
)
const anyEvent = fc
  .record({
    id: fc.integer({ min: 1, max: 30 }),
    code: fc.constantFrom(
      'presence-lost',
      'presence-disconnected',
      'engine-crashed',
      'agent-started',
      'clock-corrected',
    ),
    atMs: anyTime,
    offSeconds: fc.oneof(anyNumber, fc.constant('soon')),
  })
  .map(({ id, code, atMs, offSeconds }) => event(code, `${code}${id}`, { offSeconds }, atMs))
const anyBits = fc.subarray([...throttles])
const anyFacts: fc.Arbitrary<Facts> = fc.record(
  {
    board: fc.constantFrom({ model: 'Raspberry Pi 4 Model B' }, { model: 'Pixel 8 Pro' }),
    memory: fc.record(
      { totalBytes: anyNumber, swapTotalBytes: anyNumber, pressure: anyNumber },
      { requiredKeys: ['totalBytes'] },
    ),
    storage: fc.record(
      { path: fc.constant('/'), totalBytes: anyNumber, freeBytes: anyNumber, wear: anyNumber },
      { requiredKeys: ['path', 'totalBytes', 'freeBytes'] },
    ),
    thermal: fc.record({
      zones: fc.array(
        fc.record(
          { name: fc.string(), celsius: anyNumber, criticalCelsius: anyNumber },
          { requiredKeys: ['name', 'celsius'] },
        ),
      ),
    }),
    throttling: fc.record({ now: anyBits, sinceBoot: anyBits }),
    power: fc.record({ supplyVolts: anyNumber }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
)
const anyGap = fc.record({
  fact: fc.constantFrom('memory', 'thermal', 'cpu.maxMhz', 'toString'),
  code: fc.constantFrom(...unreadableCodes),
  detail: fc.string(),
})
const anyProblem: fc.Arbitrary<HealthProblem> = fc.record({
  code: fc.constantFrom(...healthCodes),
  about: fc.option(fc.constantFrom('memory', 'token', 'no-space')),
  severity: fc.constantFrom(...severities),
  sinceMs: anyTime,
  numbers: fc.dictionary(fc.constantFrom('celsius', 'minutes', 'volts', 'days'), anyNumber),
})
const anyPrevious = fc.uniqueArray(anyProblem, { selector: ({ code, about }) => `${code} ${about}` })
const anyInput: fc.Arbitrary<HealthInput> = fc.record(
  {
    nowMs: fc.constant(now),
    previous: anyPrevious,
    report: fc.option(fc.record({ atMs: anyTime, facts: anyFacts, unreadable: fc.array(anyGap) })),
    samples: fc.option(fc.array(anySample)),
    events: fc.option(fc.array(anyEvent)),
    presence: fc.option(
      fc.record({ state: fc.constantFrom('online', 'sleeping', 'disconnected', 'lost' as const), sinceMs: anyTime }),
    ),
    assignment: fc.option(
      fc.record({
        hasReport: fc.boolean(),
        assignedRevision: fc.nat({ max: 3 }),
        seenRevision: fc.nat({ max: 3 }),
        appliedRevision: fc.nat({ max: 3 }),
        failureCode: fc.option(fc.constant('no-space')),
        assignedMs: anyTime,
      }),
    ),
    speed: fc.option(
      fc.record({ tokensPerSecond: anyNumber, baselineTokensPerSecond: anyNumber, measuredMs: anyTime }),
    ),
    expiries: fc.option(
      fc.array(fc.record({ name: fc.constantFrom('token', 'certificate'), expiresMs: fc.oneof(anyTime, anyNumber) })),
    ),
  },
  { requiredKeys: ['nowMs', 'previous'] },
)

describe('whatever is known', () => {
  test('it answers with one problem per code and thing, the most urgent first, none of the future, and can explain it', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const found = problemsOf(input)
        expect(new Set(found.map(({ code, about }) => `${code} ${about}`)).size).toBe(found.length)
        const ranks = found.map(({ severity }) => rankOf(severity))
        expect(ranks).toEqual(ranks.toSorted())
        const raised = found.filter(({ code }) => !input.previous.some((before) => before.code === code))
        for (const { sinceMs } of raised) expect(sinceMs).toBeLessThanOrEqual(now)
        for (const problem of found) expect(explainProblem(problem).title).not.toMatch(/NaN|Infinity|undefined|null/)
      }),
    )
  })

  test('the order of what was heard, and hearing it twice, change nothing', () => {
    const again = <T>(list: readonly T[]) =>
      fc.subarray([...list]).chain((twice) => {
        const all = [...list, ...twice]
        return fc.shuffledSubarray(all, { minLength: all.length })
      })
    const mixed = anyInput.chain((input) => {
      const { samples, events, report, expiries } = input
      return fc
        .tuple(again(samples ?? []), again(events ?? []), again(report?.unreadable ?? []), again(expiries ?? []))
        .map(([moreSamples, moreEvents, unreadable, moreExpiries]) => ({
          input,
          mixed: {
            ...input,
            samples: samples && moreSamples,
            events: events && moreEvents,
            report: report && { ...report, unreadable },
            expiries: expiries && moreExpiries,
          },
        }))
    })
    fc.assert(
      fc.property(mixed, ({ input, mixed }) => {
        expect(problemsOf(mixed)).toEqual(problemsOf(input))
      }),
    )
  })

  test('with its own answer as the previous one it answers the same', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const once = problemsOf(input)
        expect(problemsOf({ ...input, previous: once })).toEqual(once)
      }),
    )
  })

  test('what is unknown raises nothing and clears nothing', () => {
    fc.assert(
      fc.property(anyPrevious, fc.constantFrom(null, undefined), (previous, unknown) => {
        const nothing = { report: unknown, samples: unknown, events: unknown, presence: unknown }
        const found = problems({ ...nothing, assignment: unknown, speed: unknown, expiries: unknown }, previous)
        expect(new Set(found)).toEqual(new Set(previous))
      }),
    )
  })
})

describe('while the number of one code goes up and down', () => {
  test.each(healthCodes)('%s: worse never ends anything, and only its marks begin or end a severity', (code) => {
    const { grades, worse } = scales[code] as Scale
    const isBeyond = (value: number, mark: number) => (worse === 'above' ? value > mark : value < mark)
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...valuesOf(code)), { minLength: 2 }), (walk) => {
        let previous: HealthProblem[] = []
        let last: number | undefined
        for (const value of walk) {
          const next = problems(saying[code](value), previous)
          const [before, after] = [severityOf(previous, code), severityOf(next, code)]
          if (last !== undefined && !isBeyond(last, value)) expect(rankOf(after)).toBeLessThanOrEqual(rankOf(before))
          for (const severity of severities) {
            const grade = grades[severity]
            if (!grade) continue
            const [was, is] = [rankOf(before) <= rankOf(severity), rankOf(after) <= rankOf(severity)]
            if (!was && is) expect(isBeyond(grade.raise, value)).toBe(false)
            if (was && !is) expect(isBeyond(value, grade.clear)).toBe(false)
          }
          previous = next
          last = value
        }
      }),
    )
  })
})
