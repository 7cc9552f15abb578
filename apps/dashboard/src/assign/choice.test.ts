import { RolloutPlan, Workload } from '@tradewind/protocol'
import { describe, expect, test } from 'vitest'
import { type Choice, draftOf, nameFor, noChoice, orderOf, planOf, previewAsk, readChoice, writeChoice } from './choice'

const calls = Workload.parse({
  ...{ id: 'calls', useCases: ['transcription'], context: 8192, languages: ['es'], gainToChange: 0.3 },
  selects: { site: 'lyon' },
})
const workloads = [{ id: 'calls', version: 3, workload: calls }]
const read = (query: string) => readChoice(new URLSearchParams(query), workloads)
const chosen = (some: Partial<Choice>): Choice => ({ ...noChoice, ...some })

describe('the URL', () => {
  test.each([
    ['', { mode: 'new', context: '4096', labels: '' }],
    ['labels=site=lyon', { mode: 'new', labels: 'site=lyon' }],
    ['devices=a,b', { mode: 'give', devices: 'a,b', workload: '' }],
    ['devices=a,b&build=e2b-q8_0', { mode: 'build', devices: 'a,b', build: 'e2b-q8_0' }],
    ['workload=calls', { mode: 'change', context: '8192', languages: 'es', labels: 'site=lyon' }],
    ['workload=calls&context=4096', { mode: 'change', context: '4096', languages: 'es' }],
    ['workload=calls&devices=a', { mode: 'give', devices: 'a', context: '4096' }],
  ])('%s is read', (query, wanted) => {
    expect(read(query)).toMatchObject(wanted)
  })

  test.each([
    [''],
    ['?labels=site%3Dlyon&use=code'],
    ['?workload=calls'],
    ['?workload=calls&context=4096&languages='],
    ['?workload=calls&devices=a%2Cb'],
    ['?build=x&labels=site%3Dlyon&waves='],
    ['?devices=a&mode=build'],
  ])('%s says all that differs from the usual, and nothing else', (query) => {
    const again = new URLSearchParams(writeChoice(read(query), workloads))
    expect(Object.fromEntries(again)).toEqual(Object.fromEntries(new URLSearchParams(query)))
  })
})

describe('a draft', () => {
  test('is a workload that the API takes', () => {
    const choice = chosen({
      use: 'transcription,code',
      languages: 'ES, pt-br',
      labels: 'site=lyon',
      speed: '5',
      recall: 'low',
    })
    const draft = draftOf(choice, workloads)
    expect(draft).toEqual({
      ok: true,
      workload: {
        ...{ id: 'transcription-lyon', useCases: ['transcription', 'code'], context: 4096, selects: { site: 'lyon' } },
        ...{ languages: ['es', 'pt-br'], generationPerSecond: 5, hallucination: 'low' },
      },
    })
    expect(draft.ok && Workload.parse(draft.workload)).toEqual(draft.ok && draft.workload)
  })

  test('of a change keeps what the page has no field for, and drops what was cleared', () => {
    const draft = draftOf(read('workload=calls&languages=&context=2048'), workloads)
    const { languages: _, ...rest } = calls
    expect(draft).toEqual({ ok: true, workload: { ...rest, context: 2048 } })
  })

  test('gets a name that is not taken', () => {
    const taken = [
      { ...workloads[0], id: 'code' },
      { ...workloads[0], id: 'code-2' },
    ] as typeof workloads
    expect(nameFor(chosen({ use: 'code' }), taken)).toBe('code-3')
  })

  test.each<[Partial<Choice>, RegExp]>([
    [{}, /what the devices are for/],
    [{ use: 'code', context: '0' }, /tokens/],
    [{ use: 'code', id: 'No Name' }, /small letters/],
    [{ mode: 'change' }, /workload to change/],
    [{ mode: 'give' }, /Choose the workload/],
    [{ mode: 'build', build: 'x' }, /Choose devices/],
  ])('of %j is not whole, and says what is missing', (some, says) => {
    const ask = previewAsk(chosen(some), workloads, 10)
    expect(ask.ok ? '' : ask.missing).toMatch(says)
  })
})

describe('a plan', () => {
  test('as it stands is the careful way of the protocol', () => {
    expect(planOf(noChoice)).toEqual({ ok: true, plan: RolloutPlan.parse({}) })
  })

  test('with a window is one that the protocol takes', () => {
    const planned = planOf(chosen({ waves: '5, 100 %', window: '22:00-05:00', days: 'sat,sun', zone: 'Europe/Berlin' }))
    expect(planned.ok && RolloutPlan.parse(planned.plan)).toMatchObject({
      waves: [{ devices: 5 }, { share: 1 }],
      window: { zone: 'Europe/Berlin', from: '22:00', to: '05:00', days: ['sat', 'sun'] },
    })
  })

  test.each<Partial<Choice>>([
    { waves: 'half' },
    { waves: '0%' },
    { waves: '1.5' },
    { atOnce: '' },
    { fail: '101' },
    { soak: '' },
    { deadline: '0' },
    { window: '9-17' },
  ])('of %j is none', (some) => {
    expect(planOf(chosen(some)).ok).toBe(false)
  })
})

describe('an order', () => {
  test.each<[string, object]>([
    ['use=code', { method: 'POST', path: '/api/v1/workloads', workload: 'code' }],
    ['workload=calls', { method: 'PUT', path: '/api/v1/workloads/calls', workload: 'calls' }],
    ['workload=calls&labels=a=b', { path: '/api/v1/assignments', body: { labels: { a: 'b' }, workload: 'calls' } }],
    [
      'build=x&devices=a,b&waves=',
      { path: '/api/v1/assignments', body: { devices: ['a', 'b'], build: 'x', plan: null } },
    ],
  ])('%s', (query, wanted) => {
    expect(orderOf(read(query), workloads)).toMatchObject({ ok: true, ...wanted })
  })

  test('of a change at once is one wave of all, which the API takes', () => {
    const order = orderOf(read('workload=calls&waves='), workloads)
    const plan = order.ok && RolloutPlan.parse((order.body as { plan: object }).plan)
    expect(plan).toMatchObject({ waves: [{ share: 1 }], mostAtOnce: { share: 1 }, gate: { soakMs: 0 } })
  })
})
