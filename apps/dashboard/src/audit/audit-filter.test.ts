import { expect, test } from 'vitest'
import { exportPath, noFilter, queryOf, readFilter, writeFilter } from './audit-filter'

test.each([
  ['', noFilter],
  ['?who=user%3Aann%40example.org&days=7', { ...noFilter, who: 'user:ann@example.org', days: 7 }],
  ['?what=role-given&on=bob%40example.org', { ...noFilter, what: 'role-given', on: 'bob@example.org' }],
])('%s is read and written alike', (text, filter) => {
  expect(readFilter(new URLSearchParams(text))).toEqual(filter)
  expect(writeFilter(filter)).toBe(text)
})

test('what makes no sense narrows nothing', () => {
  expect(readFilter(new URLSearchParams('?days=5000&page=x'))).toEqual(noFilter)
})

test('days count back from now, for the page and for the file alike', () => {
  const filter = { ...noFilter, who: 'up', days: 1 }
  expect(queryOf(filter, 100 * 86_400_000)).toEqual({ actor: 'up', sinceMs: 99 * 86_400_000 })
  expect(exportPath(filter, 100 * 86_400_000)).toBe(`/api/v1/audit/export?actor=up&sinceMs=${99 * 86_400_000}`)
  expect(exportPath(noFilter, 0)).toBe('/api/v1/audit/export')
})
