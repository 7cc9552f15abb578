import { type SyncState, syncStates } from '@tradewind/fleet'
import type { DeviceOrder, DevicePage, DeviceQuery, DeviceRow } from '@tradewind/store'
import { deviceOrders } from '@tradewind/store/model'
import { presenceNames, type ShownPresence } from '../words/name-state'

export const shownPresences = Object.keys(presenceNames) as ShownPresence[]

/** What the list shows; all of it is in the URL, so that a view can be shared and survives a reload. */
export type Filters = {
  text: string
  presence: ShownPresence | null
  sync: SyncState | null
  revoked: boolean
  sort: Sort
  /** from 1: of the devices, and of those that wait for approval */
  page: number
  waitingPage: number
}
export type Sort = { column: DeviceOrder; descending: boolean }

/** Every column of the table, and what needs attention first; when a device was enrolled is no column. */
const sortable = deviceOrders.filter((order) => order !== 'enrolled')
export const noFilters: Filters = {
  text: '',
  presence: null,
  sync: null,
  revoked: false,
  sort: { column: 'attention', descending: false },
  page: 1,
  waitingPage: 1,
}
export const devicesPerPage = 100
/** Few, because the devices themselves stand below. */
export const waitingPerPage = 3

/** What a URL does not say, or says in words not known here, is as if there were no filter. */
export function readFilters(query: URLSearchParams): Filters {
  const sort = query.get('sort') ?? ''
  const column = oneOf(sortable, sort.replace(/^-/, ''))
  return {
    text: query.get('q') ?? '',
    presence: oneOf(shownPresences, query.get('presence')),
    sync: oneOf(syncStates, query.get('sync')),
    revoked: query.get('revoked') === '1',
    sort: column ? { column, descending: sort.startsWith('-') } : noFilters.sort,
    page: readPage(query.get('page')),
    waitingPage: readPage(query.get('waiting')),
  }
}

export function writeFilters({ text, presence, sync, revoked, sort, page, waitingPage }: Filters): string {
  const query = new URLSearchParams()
  if (text) query.set('q', text)
  if (presence) query.set('presence', presence)
  if (sync) query.set('sync', sync)
  if (revoked) query.set('revoked', '1')
  if (sort.column !== noFilters.sort.column || sort.descending)
    query.set('sort', `${sort.descending ? '-' : ''}${sort.column}`)
  if (page > 1) query.set('page', String(page))
  if (waitingPage > 1) query.set('waiting', String(waitingPage))
  return query.size > 0 ? `?${query}` : ''
}

/** What the store is asked for these filters. */
export const queryOf = ({ text, presence, sync, revoked, sort, page }: Filters): DeviceQuery => ({
  text,
  presence,
  sync,
  revoked: revoked ? 'only' : 'without',
  order: { by: sort.column, descending: sort.descending },
  offset: (page - 1) * devicesPerPage,
  limit: devicesPerPage,
})

export const isFiltered = ({ text, presence, sync, revoked }: Filters) =>
  text.trim() !== '' || presence !== null || sync !== null || revoked

/** Sorted the first time upwards, then downwards, then as a list without a choice is. */
export function nextSort(now: Sort, column: DeviceOrder): Sort {
  if (now.column !== column) return { column, descending: false }
  return now.descending ? noFilters.sort : { column, descending: true }
}

export const presenceOf = (device: DeviceRow): ShownPresence => device.presence?.state ?? 'unseen'

export const sumOf = (counts: DevicePage['byPresence'] | DevicePage['bySync']) =>
  Object.values(counts).reduce((sum, devices) => sum + devices, 0)

/** A page from 1; what is no such number is the first. */
export const readPage = (word: string | null | undefined) => (/^[1-9]\d{0,5}$/.test(word ?? '') ? Number(word) : 1)

function oneOf<T extends string>(known: readonly T[], word: string | null): T | null {
  return known.find((one) => one === word) ?? null
}
