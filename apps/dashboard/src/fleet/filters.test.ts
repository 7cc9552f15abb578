import { describe, expect, it } from 'vitest'
import { type Filters, nextSort, noFilters, queryOf, readFilters, writeFilters } from './filters'

describe('the URL', () => {
  it.each<Partial<Filters>>([
    {},
    { text: 'pi 5 & ö' },
    { presence: 'lost', sync: 'in-sync' },
    { presence: 'unseen', revoked: true },
    { sort: { column: 'temperature', descending: true } },
    { sort: { column: 'attention', descending: true } },
    { sort: { column: 'name', descending: false }, page: 12, waitingPage: 3 },
  ])('holds %j', (some) => {
    const filters = { ...noFilters, ...some }
    expect(readFilters(new URLSearchParams(writeFilters(filters)))).toEqual(filters)
  })

  it('stays clean without filters', () => expect(writeFilters(noFilters)).toBe(''))

  it.each(['presence=asleep&sync=ok&sort=-colour', 'page=0&waiting=-1', 'page=1e9&waiting=two', 'page=12345678'])(
    'ignores words that it does not know: %s',
    (url) => expect(readFilters(new URLSearchParams(url))).toEqual(noFilters),
  )
})

it('asks the store for one page of what is chosen', () => {
  expect(queryOf({ ...noFilters, text: 'till', revoked: true, page: 3 })).toEqual({
    text: 'till',
    presence: null,
    sync: null,
    revoked: 'only',
    order: { by: 'attention', descending: false },
    offset: 200,
    limit: 100,
  })
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
