import { type SyncState, syncStates } from '@tradewind/fleet'
import type { DeviceRow } from '@tradewind/store'
import { presenceNames, type ShownPresence } from '../words/name-state'

export const shownPresences = Object.keys(presenceNames) as ShownPresence[]

/** What the list shows; all of it is in the URL, so that a view can be shared and survives a reload. */
export type Filters = {
  text: string
  presence: ShownPresence | null
  sync: SyncState | null
  revoked: boolean
  sort: { column: string; descending: boolean }
}

export const sortable = ['name', 'presence', 'sync', 'board', 'memory', 'os', 'cpu', 'temperature', 'sample']
export const noFilters: Filters = {
  text: '',
  presence: null,
  sync: null,
  revoked: false,
  sort: { column: 'name', descending: false },
}

/** What a URL does not say, or says in words not known here, is as if there were no filter. */
export function readFilters(query: URLSearchParams): Filters {
  const sort = query.get('sort') ?? ''
  const column = sort.replace(/^-/, '')
  return {
    text: query.get('q') ?? '',
    presence: oneOf(shownPresences, query.get('presence')),
    sync: oneOf(syncStates, query.get('sync')),
    revoked: query.get('revoked') === '1',
    sort: sortable.includes(column) ? { column, descending: sort.startsWith('-') } : noFilters.sort,
  }
}

export function writeFilters({ text, presence, sync, revoked, sort }: Filters): string {
  const query = new URLSearchParams()
  if (text) query.set('q', text)
  if (presence) query.set('presence', presence)
  if (sync) query.set('sync', sync)
  if (revoked) query.set('revoked', '1')
  if (sort.column !== noFilters.sort.column || sort.descending)
    query.set('sort', `${sort.descending ? '-' : ''}${sort.column}`)
  return query.size > 0 ? `?${query}` : ''
}

export const isFiltered = ({ text, presence, sync, revoked }: Filters) =>
  text.trim() !== '' || presence !== null || sync !== null || revoked

export const presenceOf = (device: DeviceRow): ShownPresence => device.presence?.state ?? 'unseen'

/** Every word of the text must occur in what identifies the device. */
export function filterDevices(devices: DeviceRow[], { text, presence, sync, revoked }: Filters): DeviceRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return devices.filter((device) => {
    if ((device.revokedMs !== null) !== revoked) return false
    if (presence && presenceOf(device) !== presence) return false
    if (sync && device.sync !== sync) return false
    return words.length === 0 || matches(device, words)
  })
}

function matches({ name, id, board, cpu, os, agentVersion }: DeviceRow, words: string[]) {
  const haystack = `${name} ${id} ${board ?? ''} ${cpu ?? ''} ${os ?? ''} ${agentVersion ?? ''}`.toLowerCase()
  return words.every((word) => haystack.includes(word))
}

/** How many have each presence, among the enrolled or among the revoked. */
export function countPresence(devices: DeviceRow[], revoked: boolean): Record<ShownPresence, number> {
  const counts: Record<ShownPresence, number> = { online: 0, sleeping: 0, disconnected: 0, lost: 0, unseen: 0 }
  for (const device of devices) if ((device.revokedMs !== null) === revoked) counts[presenceOf(device)] += 1
  return counts
}

function oneOf<T extends string>(known: readonly T[], word: string | null): T | null {
  return known.find((one) => one === word) ?? null
}
