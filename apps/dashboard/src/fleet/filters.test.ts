import { describe, expect, it } from 'vitest'
import { apiQuery, type Filters, isFiltered, nextSort, noFilters, queryOf, readFilters, writeFilters } from './filters'
import { readLabels, writeLabels } from './label-words'

describe('the URL', () => {
  it.each<Partial<Filters>>([
    {},
    { text: 'pi 5 & ö' },
    { presence: 'lost', sync: 'in-sync' },
    { presence: 'unseen', revoked: true },
    { labels: 'site=lyon,line=2', deviceClass: 'v1:0123456789abcdef', variant: 'e2b', problem: 'hot' },
    { columns: ['sync', 'memory'], view: 'Night shift' },
    { sort: { column: 'temperature', descending: true } },
    { sort: { column: 'attention', descending: true } },
    { sort: { column: 'name', descending: false }, waitingPage: 3 },
  ])('holds %j', (some) => {
    const filters = { ...noFilters, ...some }
    expect(readFilters(new URLSearchParams(writeFilters(filters)))).toEqual(filters)
  })

  it('stays clean without filters', () => expect(writeFilters(noFilters)).toBe(''))

  it.each([
    'presence=asleep&sync=ok&sort=-colour',
    'waiting=-1&labels=lyon&problem=boredom',
    'waiting=two&columns=price&class=&variant=',
    'waiting=12345678',
  ])('ignores words that it does not know: %s', (url) =>
    expect(readFilters(new URLSearchParams(url))).toEqual(noFilters),
  )
})

it('asks the store for the first rows of what is chosen', () => {
  const filters = { ...noFilters, text: 'till', labels: 'site=lyon', variant: 'e2b', revoked: true }
  expect(queryOf(filters, ['e2b-q8_0'])).toEqual({
    text: 'till',
    presence: null,
    sync: null,
    labels: { site: 'lyon' },
    deviceClass: undefined,
    problem: undefined,
    builds: ['e2b-q8_0'],
    revoked: 'only',
    order: { by: 'attention', descending: false },
    offset: 0,
    limit: 40,
  })
})

it('asks the API for the same devices, and not for how they are shown', () => {
  const filters: Filters = { ...noFilters, problem: 'hot', revoked: true, columns: ['sync'], view: 'Hot ones' }
  expect(String(apiQuery(filters))).toBe('problem=hot&revoked=only&sort=attention')
})

it('knows what narrows the list', () => {
  expect(isFiltered({ ...noFilters, text: '  ', columns: ['sync'] } as Filters)).toBe(false)
  expect(isFiltered({ ...noFilters, labels: 'a=b' })).toBe(true)
})

it('sorts a column upwards, downwards, and then no longer', () => {
  const up = nextSort(noFilters.sort, 'cpu')
  const down = nextSort(up, 'cpu')
  expect([up, down, nextSort(down, 'cpu')]).toEqual([
    { column: 'cpu', descending: false },
    { column: 'cpu', descending: true },
    noFilters.sort,
  ])
  expect(nextSort(down, 'name')).toEqual({ column: 'name', descending: false })
})

it.each([
  ['', {}],
  [' site = lyon , line=2,', { site: 'lyon', line: '2' }],
  ['url=a=b', { url: 'a=b' }],
  ['lyon', null],
  ['=lyon', null],
  ['site=', null],
])('reads the labels %j as %j', (words, labels) => {
  expect(readLabels(words)).toEqual(labels)
  if (labels) expect(readLabels(writeLabels(labels))).toEqual(labels)
})
