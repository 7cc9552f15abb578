'use client'

import type { DeviceRow } from '@tradewind/store'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { memo, type ReactNode, useSyncExternalStore } from 'react'
import { classes } from '../ui/classes'
import { PresenceDot, Sync } from '../ui/state'
import { Ago, For } from '../ui/time'
import { bytes, celsius, percent } from '../words/format'
import { presenceMeanings, presenceNames } from '../words/name-state'
import { presenceOf } from './filters'
import type { Latest, LatestFigures } from './latest-figures'

/** Fewer columns on narrower screens; the device's page has all of them. */
export const rowGrid = classes(
  'grid items-center gap-x-4',
  'grid-cols-[minmax(0,1.5fr)_7.25rem_6.75rem_minmax(0,1.3fr)_3.25rem_5.5rem_5.25rem]',
  'xl:grid-cols-[minmax(0,1.2fr)_7.25rem_6.75rem_minmax(0,1.35fr)_4.5rem_minmax(0,1.1fr)_3.25rem_5.5rem_5.25rem]',
)

const figure = 'tabular text-right justify-self-end max-w-full'

export const cells: { id: string; name: string; className?: string }[] = [
  { id: 'name', name: 'Name' },
  { id: 'presence', name: 'Presence' },
  { id: 'sync', name: 'Sync' },
  { id: 'board', name: 'Board and CPU' },
  { id: 'memory', name: 'Memory', className: classes(figure, 'max-xl:hidden') },
  { id: 'os', name: 'System and agent', className: 'max-xl:hidden' },
  { id: 'cpu', name: 'CPU', className: figure },
  { id: 'temperature', name: 'Temperature', className: figure },
  { id: 'sample', name: 'Last sample', className: figure },
]

type LineProps = {
  device: DeviceRow
  figures: LatestFigures
  index: number
  marked: boolean
  phone: boolean
  /** Both in pixels. */
  height: number
  offset: number
}

const lineLook = 'absolute inset-x-0 top-0 cursor-pointer border-b px-4 hover:bg-raised/60'
const markedLook = classes(lineLook, 'bg-accent-soft shadow-[inset_2px_0_var(--accent)] hover:bg-accent-soft')
const wideLook = classes(rowGrid, 'h-full max-sm:hidden')
const cellLooks = cells.map(({ className }) => classes('min-w-0', className))

export const DeviceLine = memo(function DeviceLine(props: LineProps) {
  const { device, figures, index, marked, phone, height, offset } = props
  const router = useRouter()
  const latest = useLatest(figures, device.id)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list cannot be a table element
    // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the row does the same for the keyboard
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={marked || undefined}
      tabIndex={-1}
      style={{ height, transform: `translateY(${offset}px)` }}
      onClick={(event) => !(event.target instanceof HTMLAnchorElement) && router.push(`/devices/${device.id}`)}
      className={marked ? markedLook : lineLook}
    >
      {phone ? <PhoneLine device={device} latest={latest} /> : <WideLine device={device} latest={latest} />}
    </div>
  )
})

type ContentProps = { device: DeviceRow; latest: Latest | undefined }

function WideLine({ device, latest }: ContentProps) {
  const contents = contentsOf(device, latest)
  return (
    <div className={wideLook}>
      {cells.map(({ id }, i) => (
        // biome-ignore lint/a11y/useSemanticElements: see DeviceLine
        <div key={id} role="cell" className={cellLooks[i]}>
          {contents[id]}
        </div>
      ))}
    </div>
  )
}

const useLatest = (figures: LatestFigures, deviceId: string) =>
  useSyncExternalStore(
    (changed) => figures.watch(deviceId, changed),
    () => figures.get(deviceId),
    () => figures.get(deviceId),
  )

const Unknown = () => <span className="text-faint">unknown</span>

const contentsOf = (device: DeviceRow, latest: Latest | undefined): Record<string, ReactNode> => ({
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
  cpu: <Figure value={latest?.cpuBusy} words={percent} stale={isStale(device)} />,
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
        <span className="block truncate text-xs text-muted" title={second}>
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

const PhoneLine = ({ device, latest }: ContentProps) => (
  // biome-ignore lint/a11y/useSemanticElements: see DeviceLine
  <div role="cell" className="grid h-full content-center gap-1.5">
    <div className="flex items-center justify-between gap-3">
      <div className="min-w-0">
        <NameLink device={device} />
      </div>
      <Sync state={device.sync} />
    </div>
    <div className="flex items-center justify-between gap-3 text-[13px]">
      <span className="flex items-center gap-2">
        <PresenceDot state={presenceOf(device)} />
        {presenceNames[presenceOf(device)]}
        {device.presence && <For sinceMs={device.presence.sinceMs} className="text-muted" />}
      </span>
      <span className="tabular flex gap-3">
        {typeof latest?.cpuBusy === 'number' && <span>CPU {percent(latest.cpuBusy)}</span>}
        {typeof latest?.temperatureC === 'number' && <span>{celsius(latest.temperatureC)}</span>}
      </span>
    </div>
    <p className="truncate text-[13px] text-muted">{device.board ?? device.cpu ?? 'Board unknown'}</p>
  </div>
)
