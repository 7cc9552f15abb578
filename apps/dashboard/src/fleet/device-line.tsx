'use client'

import type { DeviceOrder, DeviceRow, Latest } from '@tradewind/store'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { memo, type ReactNode, useSyncExternalStore } from 'react'
import { classes } from '../ui/classes'
import { PresenceDot, Sync } from '../ui/state'
import { Ago, For } from '../ui/time'
import { bytes, celsius, percent } from '../words/format'
import { presenceMeanings, presenceNames } from '../words/name-state'
import { presenceOf } from './filters'
import type { LatestFigures } from './latest-figures'

const figure = 'tabular text-right'

type Column = {
  id: Exclude<DeviceOrder, 'attention' | 'enrolled'>
  name: string
  /** Its width in the table, and from which width of the screen on it is there; the device's page has everything. */
  className: string
  /** Its place on a phone, where a device is a card of three lines. */
  phone: string
}

export const columns: Column[] = [
  { id: 'name', name: 'Name', className: 'w-[17%]', phone: 'max-sm:[grid-area:name]' },
  { id: 'presence', name: 'Presence', className: 'w-30', phone: 'max-sm:[grid-area:presence]' },
  { id: 'sync', name: 'Sync', className: 'w-30', phone: 'max-sm:[grid-area:sync] max-sm:justify-self-end' },
  { id: 'board', name: 'Board and CPU', className: '', phone: 'max-sm:[grid-area:board]' },
  { id: 'memory', name: 'Memory', className: classes(figure, 'w-21 max-xl:hidden'), phone: 'max-sm:hidden' },
  { id: 'os', name: 'System and agent', className: 'max-xl:hidden', phone: 'max-sm:hidden' },
  { id: 'cpu', name: 'CPU', className: classes(figure, 'w-16'), phone: 'max-sm:[grid-area:cpu]' },
  {
    id: 'temperature',
    name: 'Temperature',
    className: classes(figure, 'w-26'),
    phone: 'max-sm:[grid-area:temperature]',
  },
  { id: 'sample', name: 'Last sample', className: classes(figure, 'w-26'), phone: 'max-sm:hidden' },
]

const phoneLook = classes(
  'max-sm:grid max-sm:gap-x-3 max-sm:gap-y-1.5 max-sm:px-4 max-sm:py-3',
  'max-sm:grid-cols-[minmax(0,1fr)_auto_auto]',
  "max-sm:[grid-template-areas:'name_sync_sync'_'presence_cpu_temperature'_'board_board_board']",
)
const lineLook = classes('cursor-pointer hover:bg-raised/60', phoneLook)
const markedLook = classes(lineLook, 'bg-accent-soft shadow-[inset_2px_0_var(--accent)] hover:bg-accent-soft')
const cellLooks = columns.map(({ className, phone }) =>
  classes('sm:h-14 sm:px-2 sm:first:pl-4 sm:last:pr-4 max-sm:block max-sm:min-w-0', className, 'max-sm:w-auto', phone),
)

export const lineId = (deviceId: string) => `device-${deviceId}`

type LineProps = { device: DeviceRow; figures: LatestFigures; marked: boolean }

export const DeviceLine = memo(function DeviceLine({ device, figures, marked }: LineProps) {
  const router = useRouter()
  const contents = contentsOf(device, useLatest(figures, device.id))
  return (
    <tr
      id={lineId(device.id)}
      aria-selected={marked || undefined}
      onClick={(event) => !(event.target instanceof HTMLAnchorElement) && router.push(`/devices/${device.id}`)}
      className={marked ? markedLook : lineLook}
    >
      {columns.map(({ id }, i) => (
        <td key={id} className={cellLooks[i]}>
          {contents[id]}
        </td>
      ))}
    </tr>
  )
})

const useLatest = (figures: LatestFigures, deviceId: string) =>
  useSyncExternalStore(
    (changed) => figures.watch(deviceId, changed),
    () => figures.get(deviceId),
    () => figures.get(deviceId),
  )

const Unknown = () => <span className="text-faint">unknown</span>

const contentsOf = (device: DeviceRow, latest: Latest | undefined): Record<Column['id'], ReactNode> => ({
  name: <NameLink device={device} />,
  presence: <PresenceSince device={device} />,
  sync: <Sync state={device.sync} />,
  board: (
    <TwoLines
      first={device.board && shortBoard(device.board)}
      second={device.cpu && `${device.cpu}${coresOf(device)}`}
    />
  ),
  memory: device.memoryBytes === null ? <Unknown /> : bytes(device.memoryBytes),
  os: (
    <TwoLines
      first={device.os && shortSystem(device.os)}
      second={device.agentVersion && `Agent ${device.agentVersion}`}
    />
  ),
  cpu: (
    <>
      <span className="sm:hidden">CPU </span>
      <Figure value={latest?.cpuBusy} words={percent} stale={isStale(device)} />
    </>
  ),
  temperature: <Figure value={latest?.temperatureC} words={celsius} stale={isStale(device)} />,
  sample: latest ? <Ago atMs={latest.atMs} className="text-muted" /> : <Unknown />,
})

/** The revision of a board tells its makers more than its owners. */
const shortBoard = (board: string) => board.replace(/ Rev [\d.]+$/, '')

/** What every Debian calls itself says nothing in a narrow column; the device's page has the full name. */
const shortSystem = (os: string) => os.replace(' GNU/Linux', '')

/** Figures of a device that is not there are its last, not its present ones. */
const isStale = (device: DeviceRow) => device.presence?.state !== 'online'

const coresOf = ({ cores }: DeviceRow) => (cores === null ? '' : ` · ${cores} ${cores === 1 ? 'core' : 'cores'}`)

const NameLink = ({ device }: { device: DeviceRow }) => (
  <Link
    href={`/devices/${device.id}`}
    prefetch={false}
    title={device.name}
    className="block truncate font-medium text-text"
  >
    {device.name}
  </Link>
)

const PresenceSince = ({ device }: { device: DeviceRow }) => {
  const state = presenceOf(device)
  return (
    <div title={presenceMeanings[state]}>
      <span className="flex items-center gap-2 whitespace-nowrap">
        <PresenceDot state={state} />
        {presenceNames[state]}
      </span>
      {device.presence && <For sinceMs={device.presence.sinceMs} className="tabular block pl-4.5 text-xs text-muted" />}
    </div>
  )
}

const Clipped = ({ text }: { text: string }) => (
  <span className="block truncate" title={text}>
    {text}
  </span>
)

const TwoLines = ({ first, second }: { first: string | null; second: string | null }) =>
  first === null && second === null ? (
    <Unknown />
  ) : (
    <>
      <Clipped text={first ?? second ?? ''} />
      {first !== null && second !== null && (
        <span className="block truncate text-xs text-muted max-sm:hidden" title={second}>
          {second}
        </span>
      )}
    </>
  )

type FigureProps = { value: number | null | undefined; words: (value: number) => string; stale: boolean }

const Figure = ({ value, words, stale }: FigureProps) =>
  value === null || value === undefined ? (
    <Unknown />
  ) : (
    <span className={stale ? 'text-faint' : undefined} title={stale ? 'The last known figure' : undefined}>
      {words(value)}
    </span>
  )
