import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  tableFeatures,
} from '@tanstack/react-table'
import type { SyncState } from '@tradewind/fleet'
import type { DeviceRow } from '@tradewind/store'
import type { ShownPresence } from '../words/name-state'
import { presenceOf } from './filters'
import type { LatestFigures } from './latest-figures'

export const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric },
})

const helper = createColumnHelper<typeof features, DeviceRow>()

/** What comes first needs a person most. */
const presenceRank: Record<ShownPresence, number> = { lost: 0, disconnected: 1, unseen: 2, sleeping: 3, online: 4 }
const syncRank: Record<SyncState, number> = { failed: 0, pending: 1, unknown: 2, registered: 3, 'in-sync': 4 }

/** What each column sorts by. Live figures are taken as they were when the order was made, so rows stay put. */
export const columnsOf = (figures: LatestFigures) =>
  helper.columns([
    text('name', (d) => d.name),
    number('presence', (d) => presenceRank[presenceOf(d)]),
    number('sync', (d) => syncRank[d.sync]),
    text('board', (d) => d.board ?? d.cpu),
    number('memory', (d) => d.memoryBytes),
    text('os', (d) => d.os),
    number('cpu', (d) => figures.get(d.id)?.cpuBusy),
    number('temperature', (d) => figures.get(d.id)?.temperatureC),
    number('sample', (d) => figures.get(d.id)?.atMs),
  ])

function text(id: string, of: (device: DeviceRow) => string | null) {
  const accessor = (device: DeviceRow) => of(device) ?? undefined
  return helper.accessor(accessor, { id, sortFn: 'alphanumeric', sortUndefined: 'last' })
}

function number(id: string, of: (device: DeviceRow) => number | null | undefined) {
  return helper.accessor((device: DeviceRow) => of(device) ?? undefined, { id, sortUndefined: 'last' })
}
