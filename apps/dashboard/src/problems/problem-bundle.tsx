import { meaningOf } from '@tradewind/fleet'
import type { ProblemRow } from '@tradewind/store'
import { BellOff, Eye } from 'lucide-react'
import Link from 'next/link'
import { classes } from '../ui/classes'
import { Panel } from '../ui/section'
import { SeverityBadge } from '../ui/severity'
import { For, Until } from '../ui/time'
import { explainActor } from '../words/explain-audit'
import { severityNames } from '../words/name-severity'
import type { Bundle } from './bundles'
import { HandleOne } from './handle'
import { titleOf } from './problem-words'

type Props = {
  bundle: Bundle<ProblemRow>
  picked: ReadonlySet<string>
  /** null: this person may only look */
  pick: ((ids: string[], on: boolean) => void) | null
  handled: () => void
  /** every row is of the device that was asked for */
  isOneDevice: boolean
}

/** One kind of problem: what it means and what to do, said once, and the devices that have it. */
export function ProblemBundle({ bundle: { code, severity, problems }, picked, pick, handled, isOneDevice }: Props) {
  const { name, means, toDo } = meaningOf(code)
  const ids = problems.map(({ id }) => id)
  const all = ids.every((id) => picked.has(id))
  return (
    <section aria-label={`${name}, ${severityNames[severity].toLowerCase()}`}>
      <Panel className="overflow-hidden">
        <header className="flex items-start gap-3 border-b bg-raised/40 px-4 py-3">
          {pick && (
            <Check
              label={`Select all of these: ${name}`}
              checked={all}
              some={ids.some((id) => picked.has(id))}
              change={(on) => pick(ids, on)}
            />
          )}
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
              <h2 className="text-[15px] font-semibold tracking-tight">{name}</h2>
              <SeverityBadge severity={severity} />
              {!isOneDevice && (
                <Link
                  href={`/devices?problem=${code}`}
                  className="ml-auto text-[13px] font-medium text-accent underline-offset-2 hover:underline"
                >
                  Show in devices
                </Link>
              )}
            </div>
            <p className="mt-1 max-w-[90ch] text-pretty text-muted">
              {means} <span className="text-text">{toDo}</span>
            </p>
          </div>
        </header>
        <ul className="divide-y">
          {problems.map((problem) => (
            <ProblemItem
              key={problem.id}
              problem={problem}
              picked={picked.has(problem.id)}
              pick={pick && ((on) => pick([problem.id], on))}
              handled={handled}
            />
          ))}
        </ul>
      </Panel>
    </section>
  )
}

type ItemProps = {
  problem: ProblemRow
  picked: boolean
  pick: ((on: boolean) => void) | null
  handled: () => void
}

const ProblemItem = ({ problem, picked, pick, handled }: ItemProps) => (
  <li className={classes('flex items-center gap-3 px-4 py-2', picked ? 'bg-accent-soft' : 'hover:bg-raised/60')}>
    {pick && <Check label={`Select ${problem.deviceName}: ${titleOf(problem)}`} checked={picked} change={pick} />}
    <div className="grid min-w-0 flex-1 gap-x-6 sm:grid-cols-[minmax(8rem,1fr)_minmax(0,2fr)]">
      <Link
        href={`/devices/${problem.deviceId}`}
        prefetch={false}
        title={problem.deviceName}
        className="truncate font-medium underline-offset-2 hover:underline"
      >
        {problem.deviceName}
      </Link>
      <div className="min-w-0">
        <p className="tabular [overflow-wrap:anywhere]">{titleOf(problem)}</p>
        <For sinceMs={problem.sinceMs} className="tabular text-[13px] text-muted sm:hidden" />
        <Said problem={problem} />
      </div>
    </div>
    <For
      sinceMs={problem.sinceMs}
      className="tabular w-24 whitespace-nowrap text-right text-[13px] text-muted max-sm:hidden"
    />
    {pick && <HandleOne problem={problem} handled={handled} />}
  </li>
)

/** What people have said of it. */
function Said({ problem: { acknowledged, silenced, note } }: { problem: ProblemRow }) {
  if (!acknowledged && !silenced && note === null) return null
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-[13px] text-muted">
      {acknowledged && (
        <span className="inline-flex items-center gap-1.5">
          <Eye className="size-3.5" aria-hidden />
          {explainActor(acknowledged.by).name} knows
        </span>
      )}
      {silenced && (
        <span className="inline-flex items-center gap-1.5">
          <BellOff className="size-3.5" aria-hidden />
          <span>
            silenced by {explainActor(silenced.by).name}, back <Until atMs={silenced.untilMs} />
          </span>
        </span>
      )}
      {note && <q className="[overflow-wrap:anywhere]">{note}</q>}
    </p>
  )
}

type CheckProps = { label: string; checked: boolean; some?: boolean; change: (on: boolean) => void }

const Check = ({ label, checked, some = checked, change }: CheckProps) => (
  <label className="-m-2.5 grid size-11 shrink-0 cursor-pointer place-items-center sm:-m-1.5 sm:size-8">
    <input
      type="checkbox"
      aria-label={label}
      className="size-4 accent-[var(--accent)]"
      checked={checked}
      ref={(input) => {
        if (input) input.indeterminate = some && !checked
      }}
      onChange={(event) => change(event.target.checked)}
    />
  </label>
)
