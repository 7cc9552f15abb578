import { type HealthCode, healthCodes, type Severity, severities } from '@tradewind/fleet'
import type { ProblemQuery, ProblemState } from '@tradewind/store'
import { problemStates } from '@tradewind/store/model'

/** What the list shows; all of it is in the URL. */
export type ProblemFilters = {
  state: ProblemState
  severity: Severity | null
  code: HealthCode | null
  /** an id */
  device: string | null
  /** from 1 */
  page: number
}

export const noProblemFilters: ProblemFilters = { state: 'waiting', severity: null, code: null, device: null, page: 1 }
export const problemsPerPage = 100

/** What a URL does not say, or says in words not known here, is as if there were no filter. */
export function readProblemFilters(query: URLSearchParams): ProblemFilters {
  const page = query.get('page') ?? ''
  return {
    state: oneOf(problemStates, query.get('state')) ?? noProblemFilters.state,
    severity: oneOf(severities, query.get('severity')),
    code: oneOf(healthCodes, query.get('code')),
    device: query.get('device'),
    page: /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  }
}

export function writeProblemFilters({ state, severity, code, device, page }: ProblemFilters): string {
  const query = new URLSearchParams()
  if (state !== noProblemFilters.state) query.set('state', state)
  if (severity) query.set('severity', severity)
  if (code) query.set('code', code)
  if (device) query.set('device', device)
  if (page > 1) query.set('page', String(page))
  return query.size > 0 ? `?${query}` : ''
}

/** What the store is asked for these filters. */
export const problemQueryOf = (filters: ProblemFilters, nowMs: number): ProblemQuery => ({
  ...{ state: filters.state, severity: filters.severity, code: filters.code, deviceId: filters.device, nowMs },
  ...{ offset: (filters.page - 1) * problemsPerPage, limit: problemsPerPage },
})

function oneOf<T extends string>(known: readonly T[], word: string | null): T | null {
  return known.find((one) => one === word) ?? null
}
