import { type Decision, decide, explain, explanationLines, gemma4, type Workload } from '@tradewind/fleet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { host, resolved } from './hosts'
import { devices, workloads } from './imagined'

const transcription: Workload = { id: 'calls', useCases: ['transcription'], context: 4096 }

describe('an explanation', () => {
  test('names the choice, the runner-up, and what is given up with its source', () => {
    const { choice, because, runnerUp, givenUp, claims, other } = explain(
      decide(host('pi-5-8gb'), resolved, transcription),
      resolved,
    )
    expect(choice).toBe('Gemma 4 E2B (e2b-q8_0) is right for this device.')
    expect(because.join('\n')).toMatch(/^needs \d\.\d\d GiB of \d\.\d\d GiB usable in memory\n.*4,096 tokens/)
    expect(because.join('\n')).toContain('writes 3.5 tokens/s (published)')
    expect(runnerUp).toContain('Gemma 4 E2B (e2b-ud-q6_k_xl), score 0.')
    expect(givenUp).toContain(
      'against e4b: FLEURS word errors (share, lower is better) 0.09 instead of 0.08 (confirmed: Gemma 4 model card)',
    )
    expect(claims).toContain('31B and 26B-A4B take no audio (confirmed: Gemma 4 model card; arXiv:2607.02770)')
    expect(other).toBe('By the article to the letter: Gemma 4 E2B (e2b-q8_0) is right for this device.')
  })

  test('says how well each language was understood, or that nobody knows', () => {
    const spanish = decide(host('pi-5-8gb'), resolved, { ...transcription, languages: ['es', 'pl'] })
    expect(explain(spanish, resolved).because).toEqual(
      expect.arrayContaining([
        'es: 4.2 % errors, 43.2 BLEU into English (single-source: arXiv:2607.02770, table 7)',
        'pl: nobody has published how well it is understood',
      ]),
    )
  })

  test.each([
    ['pi-5-8gb', 'hears 30 s of speech in 54 s: slower than live (1.80 s of work for each)'],
    ['rtx4090', 'hears 30 s of speech in 1 s: keeps up with live speech (0.03 s of work for each)'],
    ['macbook-air-m2', 'how fast it hears is not known'],
  ])('tells of a device that hears whether it keeps up: %s', (name, says) => {
    const on = host(name as Parameters<typeof host>[0])
    expect(explain(decide(on, resolved, transcription), resolved).because).toContain(says)
    const code = explain(decide(on, resolved, { id: 'code', useCases: ['code'], context: 4096 }), resolved)
    expect(code.because.join('\n')).not.toContain('hears')
  })

  test('of a refusal has every number, and what would do', () => {
    const { choice, because, refusals } = explain(decide(host('pi-5-4gb'), resolved, transcription), resolved)
    expect(choice).toBe(
      'No build is right for this device. Gemma 4 E2B (e2b-litert) would be, if its engine were there.',
    )
    expect(because).toEqual(['Gemma 4 E2B (e2b-litert) comes nearest: litert-lm is not there'])
    const reasons = Object.fromEntries(refusals.map(({ build, reasons }) => [build, reasons.join('; ')]))
    expect(Object.keys(reasons)).toEqual(resolved.builds.map(({ id }) => id))
    expect(reasons['e2b-q8_0']).toMatch(
      /^it needs 5\.\d\d GiB of memory and [23]\.\d\d GiB may be used; no context would fit$/,
    )
    expect(reasons['31b-q4_k_m']).toContain('the policy wants e2b or e4b at 4,096 tokens; it does not hear')
  })

  test('never throws, whatever was decided, even with a catalogue that has lost everything', () => {
    const lost = { ...gemma4, variants: [], builds: [], claims: [] }
    fc.assert(
      fc.property(
        devices,
        workloads,
        fc.constantFrom(...resolved.builds),
        fc.boolean(),
        (device, workload, build, serves) => {
          const serving = serves ? { ...device, serving: { build: build.id } } : device
          const decision = decide(serving, resolved, workload)
          const stored = JSON.parse(JSON.stringify(decision)) as Decision
          for (const catalogue of [resolved, lost]) {
            const lines = explanationLines(explain(stored, catalogue))
            expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object/)
          }
        },
      ),
    )
  })
})
