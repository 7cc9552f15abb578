'use client'

import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { Badge, type BadgeTone } from '../ui/badge'
import { Button } from '../ui/button'
import { classes } from '../ui/classes'
import { Panel, Section } from '../ui/section'
import { bytes, count, percent, span } from '../words/format'
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
          <span className="tabular min-w-8 font-medium">{count(devices)}</span>
          {from === to ? (
            <span className="text-[13px]">
              <Build id={to} />, held otherwise
            </span>
          ) : (
            <FromTo from={from} to={to} />
          )}
          <span className="tabular text-[13px] text-muted">
            {downloadBytes === 0 ? 'have the files' : `${bytes(downloadBytes)} to download`}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** From one build to another, or the same one for something else. */
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

const DeviceRow = ({ row }: { row: Row }) => {
  const { id, name, outcome, from, to, words, needs, refusals } = row
  const changes = outcome === 'assign' || outcome === 'propose'
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-5 gap-y-1 px-5 py-2.5 sm:grid-cols-[minmax(0,13rem)_8.5rem_minmax(0,1fr)_minmax(0,19rem)]">
      <Link href={`/devices/${id}`} prefetch={false} className="truncate font-medium" title={name}>
        {name}
      </Link>
      <span>
        <Badge tone={tones[outcome]} title={outcomeMeanings[outcome]}>
          {outcomeNames[outcome]}
        </Badge>
      </span>
      <div
        className={classes(
          'min-w-0 text-[13px] [overflow-wrap:anywhere] max-sm:col-span-2',
          !changes && 'sm:col-span-2',
        )}
        title={refusals.map(numbersOf).join('\n') || words.join('; ') || undefined}
      >
        {changes && from !== to && <FromTo from={from} to={to} />}
        {outcome === 'keep' && <Build id={to} />}
        {(from === to || !changes) && outcome !== 'keep' && <span className="text-muted"> {words.join('; ')}.</span>}
        {needs.length > 0 && <span> Needs {needs.join(', and ')}.</span>}
      </div>
      {changes && <p className="tabular text-[13px] text-muted max-sm:col-span-2 sm:text-right">{costWords(row)}</p>}
    </li>
  )
}

/** `28 % better, 3.12 GiB to download, stops for about 40 s` */
function costWords({ downloadBytes, stopMs, gain }: Row): string {
  const stop = stopMs === null ? 'pause not measured yet' : `stops for about ${span(Math.max(1000, stopMs ?? 0))}`
  return [
    ...(gain === null ? [] : [`${percent(gain)} better`]),
    downloadBytes === 0 ? 'has the files' : `${bytes(downloadBytes)} to download`,
    ...(stopMs === 0 ? [] : [stop]),
  ].join(', ')
}

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
