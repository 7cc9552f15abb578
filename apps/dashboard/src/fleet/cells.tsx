import { type HealthCode, meaningOf } from '@tradewind/fleet'
import type { Labels as LabelsOf, ServingState } from '@tradewind/protocol'
import type { DeviceRow, FleetRow } from '@tradewind/store'
import { TriangleAlert } from 'lucide-react'
import { classes } from '../ui/classes'
import { PresenceDot } from '../ui/state'
import { For } from '../ui/time'
import { servingMeanings, servingNames } from '../words/name-serving'
import { presenceMeanings, presenceNames } from '../words/name-state'
import { presenceOf } from './filters'

export const Unknown = () => <span className="text-faint">unknown</span>

const Clipped = ({ text, className }: { text: string; className?: string }) => (
  <span className={classes('block truncate', className)} title={text}>
    {text}
  </span>
)

const TwoLines = ({ first, second }: { first: string | null; second: string | null }) =>
  first === null && second === null ? (
    <Unknown />
  ) : (
    <span className="block min-w-0">
      <Clipped text={first ?? second ?? ''} />
      {first !== null && second !== null && <Clipped text={second} className="text-xs text-muted" />}
    </span>
  )

export const PresenceSince = ({ device }: { device: FleetRow }) => {
  const state = presenceOf(device)
  return (
    <span className="block" title={presenceMeanings[state]}>
      <span className="flex items-center gap-2 whitespace-nowrap">
        <PresenceDot state={state} />
        {presenceNames[state]}
      </span>
      {device.presence && (
        <For sinceMs={device.presence.sinceMs} className="tabular block pl-4.5 text-xs text-muted max-sm:hidden" />
      )}
    </span>
  )
}

const servingInks: Record<ServingState, string> = {
  cold: 'text-muted',
  loading: 'text-muted',
  ready: 'text-good',
  draining: 'text-muted',
  failed: 'text-bad',
}

/** What it serves, and how far its engine is; of a device that is not there, how far it was. */
export const Serves = ({ serving, stale }: Pick<FleetRow, 'serving'> & { stale: boolean }) =>
  serving === null ? (
    <span className="text-faint">Nothing</span>
  ) : (
    <span className="block min-w-0 max-sm:flex max-sm:gap-2">
      <Clipped text={serving.label} />
      <span className="block truncate text-xs text-muted max-sm:text-sm" title={servingMeanings[serving.state]}>
        <span className={stale ? undefined : servingInks[serving.state]}>{servingNames[serving.state]}</span>
        {stale && <span className="max-sm:hidden"> when last heard</span>}
        {serving.demo && ' · demo'}
      </span>
    </span>
  )

export const Problems = ({ codes }: { codes: HealthCode[] }) => {
  const [first, ...others] = codes.map((code) => meaningOf(code).name)
  if (first === undefined) return <span className="text-faint">None</span>
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-attention" title={[first, ...others].join('\n')}>
      <TriangleAlert className="size-3.5 shrink-0" aria-hidden />
      <span className="truncate">{first}</span>
      {others.length > 0 && <span className="tabular shrink-0 text-xs text-muted">+{others.length}</span>}
    </span>
  )
}

export const Labels = ({ labels }: { labels: LabelsOf }) => {
  const words = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  if (words.length === 0) return null
  const second = words.slice(1).join('  ')
  return (
    <span className="block min-w-0 font-mono text-xs" title={words.join('\n')}>
      <span className="block truncate">{words[0]}</span>
      {second && <span className="block truncate text-muted">{second}</span>}
    </span>
  )
}

export const Board = ({ device }: { device: DeviceRow }) => (
  <TwoLines first={device.board && shortBoard(device.board)} second={device.cpu && `${device.cpu}${coresOf(device)}`} />
)

/** Model letter and revision of a board tell its makers more than its owners. */
const shortBoard = (board: string) => board.replace(/( Model [A-Z]\+?)?( Rev [\d.]+)?$/, '')

const coresOf = ({ cores }: DeviceRow) => (cores === null ? '' : ` · ${cores} ${cores === 1 ? 'core' : 'cores'}`)

/** What every Debian calls itself says nothing in a narrow column; the device's page has the full name. */
export const System = ({ device }: { device: DeviceRow }) => (
  <TwoLines
    first={device.os?.replace(' GNU/Linux', '') ?? null}
    second={device.agentVersion && `Agent ${device.agentVersion}`}
  />
)

/** Figures of a device that is not there are its last, not its present ones. */
export const isStale = (device: DeviceRow) => device.presence?.state !== 'online'

type FigureProps = { value: number | null | undefined; words: (value: number) => string; stale: boolean }

export const Figure = ({ value, words, stale }: FigureProps) =>
  value === null || value === undefined ? (
    <Unknown />
  ) : (
    <span className={stale ? 'text-faint' : undefined} title={stale ? 'The last known figure' : undefined}>
      {words(value)}
    </span>
  )
