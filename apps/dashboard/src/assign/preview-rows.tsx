'use client'

import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { Badge, type BadgeTone } from '../ui/badge'
import { Button } from '../ui/button'
import { classes } from '../ui/classes'
import { Panel, Section } from '../ui/section'
import { bytes, count, span } from '../words/format'
import { outcomeMeanings, outcomeNames, type PreviewOutcome } from '../words/name-placement'
import type { Preview } from './use-preview'

type Row = Preview['rows'][number]

const tones: Record<PreviewOutcome, BadgeTone> = {
  assign: 'good',
  propose: 'good',
  keep: 'neutral',
  unresolved: 'attention',
  refused: 'bad',
  tied: 'bad',
  idle: 'unknown',
}
const shownAtFirst = 25

/** Each device with what it has, what it would get, and why not. */
export function PreviewRows({ preview, pending }: { preview: Preview; pending: boolean }) {
  const [only, setOnly] = useState<PreviewOutcome | null>(null)
  const [most, setMost] = useState(shownAtFirst)
  const outcomes = (Object.keys(outcomeNames) as PreviewOutcome[]).filter(
    (one) => one !== 'idle' && (preview.counts[one] ?? 0) > 0,
  )
  const listed = preview.rows.filter(({ outcome }) =>
    only && outcomes.includes(only) ? outcome === only : outcome !== 'idle',
  )
  const total =
    only && outcomes.includes(only) ? (preview.counts[only] ?? 0) : preview.devices - (preview.counts.idle ?? 0)
  const rows = listed.slice(0, most)
  if (outcomes.length === 0) return null
  return (
    <Section title="Device by device" className="mt-10">
      <Moves moves={preview.moves} />
      <fieldset className="-mx-1 mb-3 flex gap-1 overflow-x-auto p-1">
        <legend className="sr-only">Show only</legend>
        <Chip
          on={only === null}
          name="All"
          number={preview.devices - (preview.counts.idle ?? 0)}
          press={() => setOnly(null)}
        />
        {outcomes.map((one) => (
          <Chip
            key={one}
            on={only === one}
            name={outcomeNames[one]}
            number={preview.counts[one] ?? 0}
            press={() => setOnly(only === one ? null : one)}
          />
        ))}
      </fieldset>
      <Panel className={classes('transition-opacity', pending && 'opacity-50')}>
        <ul className="divide-y">
          {rows.map((row) => (
            <DeviceRow key={row.id} row={row} />
          ))}
        </ul>
        {total > rows.length && (
          <div className="flex flex-wrap items-center justify-between gap-3 border-t px-5 py-3 text-[13px] text-muted">
            <span className="tabular">
              {count(rows.length)} of {count(total)}
            </span>
            {listed.length > rows.length ? (
              <Button size="small" onClick={() => setMost(most + 100)}>
                Show more
              </Button>
            ) : (
              <span>The others are in the sums above.</span>
            )}
          </div>
        )}
      </Panel>
    </Section>
  )
}

const mostMoves = 8

/** The same in few lines: so many devices go from this to that. */
const Moves = ({ moves }: Pick<Preview, 'moves'>) => {
  const changes = moves.filter(({ outcome }) => outcome === 'assign' || outcome === 'propose').slice(0, mostMoves)
  if (changes.length === 0) return null
  return (
    <ul className="mb-4 grid gap-1.5">
      {changes.map(({ from, to, devices, downloadBytes }) => (
        <li key={`${from} ${to}`} className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <span className="tabular w-12 text-right font-medium">{count(devices)}</span>
          <FromTo from={from} to={to} />
          <span className="tabular text-[13px] text-muted">{bytes(downloadBytes)} to download</span>
        </li>
      ))}
    </ul>
  )
}

const FromTo = ({ from, to }: { from: string | null; to: string | null }) => (
  <span className="inline-flex min-w-0 flex-wrap items-center gap-1.5 text-[13px]">
    <Build id={from} />
    <ArrowRight className="size-3.5 shrink-0 text-faint" aria-label="to" />
    <Build id={to} />
  </span>
)

const Build = ({ id }: { id: string | null }) =>
  id === null ? (
    <span className="text-muted">nothing</span>
  ) : (
    <code className="font-mono [overflow-wrap:anywhere]">{id}</code>
  )

const DeviceRow = ({
  row: { id, name, outcome, from, to, words, needs, refusals, downloadBytes, stopMs },
}: {
  row: Row
}) => (
  <li className="grid gap-x-5 gap-y-1.5 px-5 py-3 sm:grid-cols-[minmax(0,13rem)_8.5rem_minmax(0,1fr)]">
    <Link href={`/devices/${id}`} prefetch={false} className="truncate font-medium" title={name}>
      {name}
    </Link>
    <span>
      <Badge tone={tones[outcome]} title={outcomeMeanings[outcome]}>
        {outcomeNames[outcome]}
      </Badge>
    </span>
    <div className="min-w-0">
      {(outcome === 'assign' || outcome === 'propose') && <FromTo from={from} to={to} />}
      {outcome === 'keep' && <Build id={to} />}
      {outcome !== 'keep' && (
        <p
          className="text-[13px] text-muted [overflow-wrap:anywhere]"
          title={refusals.map(numbersOf).join('\n') || undefined}
        >
          {words.join('; ')}
        </p>
      )}
      {needs.length > 0 && <p className="text-[13px] [overflow-wrap:anywhere]">Needs {needs.join(', and ')}.</p>}
      {(outcome === 'assign' || outcome === 'propose') && (
        <p className="tabular text-[13px] text-muted">
          {downloadBytes === 0 ? 'Has the files' : `${bytes(downloadBytes)} to download`}
          {stopMs === 0
            ? ''
            : stopMs === null
              ? ', how long it stops is not measured yet'
              : `, stops for about ${span(Math.max(1000, stopMs))}`}
        </p>
      )}
    </div>
  </li>
)

/** `memory-short needBytes 5,412 haveBytes 4,000`: what the words were made from. */
const numbersOf = ({ code, ...numbers }: Row['refusals'][number]) =>
  [
    code,
    ...Object.entries(numbers).map(([name, value]) => `${name} ${typeof value === 'number' ? count(value) : value}`),
  ].join(' ')

type ChipProps = { on: boolean; name: string; number: number; press: () => void }
const Chip = ({ on, name, number, press }: ChipProps) => (
  <button
    type="button"
    aria-pressed={on}
    onClick={press}
    className={classes(
      'flex h-11 shrink-0 items-center gap-2 rounded-md border px-3 text-[13px] font-medium transition-colors sm:h-8',
      on ? 'border-line-strong bg-surface text-text shadow-card' : 'border-transparent text-muted hover:bg-raised',
    )}
  >
    {name}
    <span className="tabular text-muted">{count(number)}</span>
  </button>
)
