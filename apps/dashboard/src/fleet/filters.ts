import { type HealthCode, healthCodes, type SyncState, syncStates } from '@tradewind/fleet'
import type { DeviceOrder, DeviceQuery, DeviceRow } from '@tradewind/store'
import { deviceOrders } from '@tradewind/store/model'
import { presenceNames, type ShownPresence } from '../words/name-state'
import { type ColumnId, columnIds } from './column-ids'
import { readLabels } from './label-words'

export const shownPresences = Object.keys(presenceNames) as ShownPresence[]

/** What the list shows; all of it is in the URL, so that a view can be shared and survives a reload. */
export type Filters = {
  text: string
  presence: ShownPresence | null
  sync: SyncState | null
  /** as people write them: site=lyon,line=2 */
  labels: string
  deviceClass: string | null
  variant: string | null
  problem: HealthCode | null
  revoked: boolean
  sort: Sort
  /** null: those that most people want */
  columns: ColumnId[] | null
  /** the name of the saved view that this was chosen from */
  view: string | null
  /** from 1: of the devices that wait for approval */
  waitingPage: number
}
export type Sort = { column: DeviceOrder; descending: boolean }

/** What narrows the list, as against how it is shown. */
export type Narrowing = Omit<Filters, 'sort' | 'columns' | 'view' | 'waitingPage'>

/** Every column of the table, and what needs attention first; when a device was enrolled is no column. */
const sortable = deviceOrders.filter((order) => order !== 'enrolled')
export const noNarrowing: Narrowing = {
  text: '',
  presence: null,
  sync: null,
  labels: '',
  deviceClass: null,
  variant: null,
  problem: null,
  revoked: false,
}
export const noFilters: Filters = {
  ...noNarrowing,
  sort: { column: 'attention', descending: false },
  columns: null,
  view: null,
  waitingPage: 1,
}
/** What the server draws before the browser has all: more than any screen shows. */
export const firstRows = 40
/** Few, because the devices themselves stand below. */
export const waitingPerPage = 3

/** What a URL does not say, or says in words not known here, is as if there were no filter. */
export function readFilters(query: URLSearchParams): Filters {
  const sort = query.get('sort') ?? ''
  const column = oneOf(sortable, sort.replace(/^-/, ''))
  const labels = query.get('labels') ?? ''
  const columns = query.get('columns')?.split(',') ?? []
  return {
    text: query.get('q') ?? '',
    presence: oneOf(shownPresences, query.get('presence')),
    sync: oneOf(syncStates, query.get('sync')),
    labels: readLabels(labels) ? labels : '',
    deviceClass: query.get('class') || null,
    variant: query.get('variant') || null,
    problem: oneOf(healthCodes, query.get('problem')),
    revoked: query.get('revoked') === '1',
    sort: column ? { column, descending: sort.startsWith('-') } : noFilters.sort,
    columns: columns.some((one) => oneOf(columnIds, one)) ? columnIds.filter((id) => columns.includes(id)) : null,
    view: query.get('view')?.slice(0, 60) || null,
    waitingPage: readPage(query.get('waiting')),
  }
}

export function writeFilters(filters: Filters): string {
  const { sort, columns, view, waitingPage } = filters
  const query = narrowingQuery(filters)
  if (sort.column !== noFilters.sort.column || sort.descending) query.set('sort', writeSort(sort))
  if (columns) query.set('columns', columns.join(','))
  if (view) query.set('view', view)
  if (waitingPage > 1) query.set('waiting', String(waitingPage))
  return query.size > 0 ? `?${query}` : ''
}

/** The same, of the devices alone and in their order, as `/api/v1` takes it. */
export function apiQuery(filters: Filters): URLSearchParams {
  const query = narrowingQuery(filters)
  if (filters.revoked) query.set('revoked', 'only')
  query.set('sort', writeSort(filters.sort))
  return query
}

function narrowingQuery({ text, presence, sync, labels, deviceClass, variant, problem, revoked }: Narrowing) {
  const query = new URLSearchParams()
  if (text) query.set('q', text)
  if (presence) query.set('presence', presence)
  if (sync) query.set('sync', sync)
  if (labels) query.set('labels', labels)
  if (deviceClass) query.set('class', deviceClass)
  if (variant) query.set('variant', variant)
  if (problem) query.set('problem', problem)
  if (revoked) query.set('revoked', '1')
  return query
}

const writeSort = ({ column, descending }: Sort) => `${descending ? '-' : ''}${column}`

/** What the store is asked for the first rows; `builds`: of the variant that is chosen. */
export const queryOf = (filters: Filters, builds?: string[]): DeviceQuery => ({
  text: filters.text,
  presence: filters.presence,
  sync: filters.sync,
  labels: readLabels(filters.labels) ?? {},
  deviceClass: filters.deviceClass ?? undefined,
  problem: filters.problem ?? undefined,
  builds,
  revoked: filters.revoked ? 'only' : 'without',
  order: { by: filters.sort.column, descending: filters.sort.descending },
  offset: 0,
  limit: firstRows,
})

export const isFiltered = (filters: Narrowing) => narrowingQuery({ ...filters, text: filters.text.trim() }).size > 0

/** Sorted the first time upwards, then downwards, then as a list without a choice is. */
export function nextSort(now: Sort, column: DeviceOrder): Sort {
  if (now.column !== column) return { column, descending: false }
  return now.descending ? noFilters.sort : { column, descending: true }
}

export const presenceOf = (device: Pick<DeviceRow, 'presence'>): ShownPresence => device.presence?.state ?? 'unseen'

/** A page from 1; what is no such number is the first. */
export const readPage = (word: string | null | undefined) => (/^[1-9]\d{0,5}$/.test(word ?? '') ? Number(word) : 1)

function oneOf<T extends string>(known: readonly T[], word: string | null): T | null {
  return known.find((one) => one === word) ?? null
}
