import type { AuditQuery } from '@tradewind/store'

/** What the address of the page narrows the audit to. Empty texts narrow nothing. */
export type AuditFilter = { who: string; what: string; on: string; days: number | null }
export const noFilter: AuditFilter = { who: '', what: '', on: '', days: null }
export const dayChoices = [1, 7, 30, 90] as const

export function readFilter(query: URLSearchParams): AuditFilter {
  const text = (name: string) => (query.get(name) ?? '').slice(0, 300)
  const days = Number(query.get('days'))
  return {
    who: text('who'),
    what: text('what'),
    on: text('on'),
    days: (dayChoices as readonly number[]).includes(days) ? days : null,
  }
}

/** With its question mark; nothing where nothing is narrowed. */
export function writeFilter({ who, what, on, days }: AuditFilter, page = 1): string {
  const query = new URLSearchParams({
    ...(who && { who }),
    ...(what && { what }),
    ...(on && { on }),
    ...(days && { days: String(days) }),
    ...(page > 1 && { page: String(page) }),
  })
  return query.size === 0 ? '' : `?${query}`
}

export const isNarrowed = (filter: AuditFilter) => writeFilter(filter) !== ''

const dayMs = 86_400_000

export const queryOf = ({ who, what, on, days }: AuditFilter, nowMs: number): AuditQuery => ({
  ...(who && { actor: who }),
  ...(what && { action: what }),
  ...(on && { target: on }),
  ...(days && { sinceMs: nowMs - days * dayMs }),
})

/** Where the same entries are as a file. */
export function exportPath(filter: AuditFilter, nowMs: number): string {
  const query = new URLSearchParams(
    Object.entries(queryOf(filter, nowMs)).map(([name, value]) => [name, String(value)]),
  )
  return `/api/v1/audit/export${query.size === 0 ? '' : `?${query}`}`
}
