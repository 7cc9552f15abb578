import type { DeviceOrder, FleetRow, Latest } from '@tradewind/store'
import type { ReactNode } from 'react'
import { Sync } from '../ui/state'
import { Ago } from '../ui/time'
import { bytes, celsius, percent } from '../words/format'
import { Board, Figure, isStale, Labels, PresenceSince, Problems, Serves, System, Unknown } from './cells'
import type { ColumnId } from './column-ids'

type Column = {
  name: string
  /** what its heading sorts by; null: nothing */
  order: DeviceOrder | null
  /** its width in the table, and from which width of the screen on it is there when a person did not choose it */
  look: string
  roomFrom?: string
  /** its place on a phone, where a device is a card of three lines */
  phone: string
  cell: (row: FleetRow, latest: Latest | undefined) => ReactNode
}

const figure = 'tabular text-right justify-end'
const notOnPhones = 'max-sm:hidden'

export const columns: Record<ColumnId, Column> = {
  presence: {
    ...{ name: 'Presence', order: 'presence', look: 'w-30', phone: 'max-sm:[grid-area:presence]' },
    cell: (row) => <PresenceSince device={row} />,
  },
  sync: {
    ...{ name: 'Sync', order: 'sync', look: 'w-28', phone: 'max-sm:[grid-area:sync] max-sm:justify-self-end' },
    cell: (row) => <Sync state={row.sync} />,
  },
  serving: {
    ...{ name: 'Serves', order: 'serving', look: 'flex-[1.4_1_0]', phone: 'max-sm:[grid-area:serving]' },
    cell: (row) => <Serves serving={row.serving} stale={isStale(row)} />,
  },
  problems: {
    ...{ name: 'Problems', order: null, look: 'flex-[0.9_1_0]', phone: notOnPhones, roomFrom: 'max-lg:hidden' },
    cell: (row) => <Problems codes={row.problems} />,
  },
  labels: {
    ...{ name: 'Labels', order: null, look: 'flex-[1_1_0]', phone: notOnPhones, roomFrom: 'max-xl:hidden' },
    cell: (row) => <Labels labels={row.labels} />,
  },
  board: {
    ...{ name: 'Board and CPU', order: 'board', look: 'flex-[1_1_0]', phone: notOnPhones, roomFrom: 'max-xl:hidden' },
    cell: (row) => <Board device={row} />,
  },
  memory: {
    ...{ name: 'Memory', order: 'memory', look: `w-22 ${figure}`, phone: notOnPhones },
    cell: (row) => (row.memoryBytes === null ? <Unknown /> : bytes(row.memoryBytes)),
  },
  os: {
    ...{ name: 'System and agent', order: 'os', look: 'flex-[1_1_0]', phone: notOnPhones },
    cell: (row) => <System device={row} />,
  },
  cpu: {
    ...{ name: 'CPU', order: 'cpu', look: `w-18 ${figure}`, phone: 'max-sm:[grid-area:cpu]' },
    cell: (row, latest) => (
      <>
        <span className="sm:hidden">CPU </span>
        <Figure value={latest?.cpuBusy} words={percent} stale={isStale(row)} />
      </>
    ),
  },
  temperature: {
    ...{ name: 'Temperature', order: 'temperature', look: `w-24 ${figure}`, phone: 'max-sm:[grid-area:temperature]' },
    cell: (row, latest) => <Figure value={latest?.temperatureC} words={celsius} stale={isStale(row)} />,
  },
  sample: {
    ...{ name: 'Last sample', order: 'sample', look: `w-26 ${figure}`, phone: notOnPhones },
    cell: (_, latest) => (latest ? <Ago atMs={latest.atMs} className="text-muted" /> : <Unknown />),
  },
}
