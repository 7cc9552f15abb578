'use client'

import { RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button'
import { classes } from '../ui/classes'
import { Notice, ProblemNotice } from '../ui/notice'
import { Panel, Section } from '../ui/section'
import { bytes, count, span } from '../words/format'
import { devicesWords, nameRefusal } from '../words/name-placement'
import type { KeptWorkload } from './choice'
import type { Preview, Previewing } from './use-preview'

type Props = {
  previewing: Previewing & { again: () => void }
  missing: string | null
  /** sets a priority that ends a tie; left out where there is none to set */
  onPriority?: (priority: number) => void
  workloads: KeptWorkload[]
}

/** What would come of it, in sums. It says when they are of what was chosen before. */
export function PreviewPanel({ previewing, missing, onPriority, workloads }: Props) {
  const { preview, pending, problem, again } = previewing
  return (
    <Section
      title="What would happen"
      actions={
        <span role="status" className="flex items-center gap-1.5 text-[13px] text-muted">
          {pending && <RefreshCw className="size-3.5 animate-spin" aria-hidden />}
          {pending ? (preview ? 'Computing anew' : 'Computing') : ''}
        </span>
      }
    >
      <Panel className="min-h-80 p-5">
        {missing !== null ? (
          <p className="grid min-h-70 place-content-center text-center text-muted">{missing}</p>
        ) : preview ? (
          <div className={classes('grid gap-5 transition-opacity', pending && 'opacity-50')} aria-busy={pending}>
            <Sums preview={preview} />
            {(preview.counts.tied ?? 0) > 0 && <Tied preview={preview} onPriority={onPriority} workloads={workloads} />}
            <RefusedBy preview={preview} />
          </div>
        ) : problem ? null : (
          <div className="grid gap-4" aria-hidden>
            <div className="skeleton h-10 w-40" />
            <div className="skeleton h-4 w-full" />
            <div className="skeleton h-4 w-3/4" />
            <div className="skeleton h-4 w-2/3" />
          </div>
        )}
        <ProblemNotice problem={problem} className="mt-4" />
        {problem && (
          <Button size="small" className="mt-3" onClick={again}>
            Try again
          </Button>
        )}
      </Panel>
    </Section>
  )
}

function Sums({ preview }: { preview: Preview }) {
  const { changes, devices, counts, builds, stops, downloadBytes, diskBytes } = preview
  const selected = devices - (counts.idle ?? 0)
  const cannot = (counts.refused ?? 0) + (counts.tied ?? 0) + (counts.unresolved ?? 0)
  return (
    <>
      <p>
        <span className="tabular block text-3xl font-semibold tracking-tight">{count(changes)}</span>
        <span className="text-muted">
          of {devicesWords(selected)} {changes === 1 ? 'changes' : 'change'}
        </span>
      </p>
      <dl className="grid gap-2">
        <Line name="Stay as they are">{count(counts.keep ?? 0)}</Line>
        <Line name="Cannot" tone={cannot > 0 ? 'text-bad' : undefined}>
          {count(cannot)}
        </Line>
        {preview.leaving > 0 && (
          <Line name="No longer selected" title="They keep what they have until another workload selects them.">
            {count(preview.leaving)}
          </Line>
        )}
        <Line name="To download once" title="Each file once, from its source to the hub.">
          {bytes(downloadBytes)}
        </Line>
        <Line name="To download in total" title="By all devices together, from the hub.">
          {bytes(diskBytes)}
        </Line>
        <Line name="Stop serving for">{stopWords(stops)}</Line>
      </dl>
      {Object.keys(builds).length > 0 && (
        <dl className="grid gap-2 border-t pt-4">
          {Object.entries(builds)
            .toSorted(([, a], [, b]) => b - a)
            .map(([build, of]) => (
              <Line key={build} name={<code className="font-mono text-[13px]">{build}</code>}>
                {devicesWords(of)}
              </Line>
            ))}
        </dl>
      )}
    </>
  )
}

export function stopWords({ devices, known, longestMs }: Preview['stops']): string {
  if (devices === 0) return 'nobody stops'
  if (longestMs === null) return `${devicesWords(devices)}, not measured yet`
  const unknown = known < devices ? `, ${count(devices - known)} not measured yet` : ''
  return `up to ${span(Math.max(1000, longestMs))}${unknown}`
}

type LineProps = { name: ReactNode; title?: string; tone?: string; children: ReactNode }
const Line = ({ name, title, tone, children }: LineProps) => (
  <div className="flex items-baseline justify-between gap-4" title={title}>
    <dt className="min-w-0 text-muted [overflow-wrap:anywhere]">{name}</dt>
    <dd className={classes('tabular text-right', tone)}>{children}</dd>
  </div>
)

/** A tie is an error that a person must end; where the page can, it offers to. */
function Tied({ preview, onPriority, workloads }: Pick<Props, 'onPriority' | 'workloads'> & { preview: Preview }) {
  const tied = new Set(preview.rows.flatMap((row) => row.workloads))
  const priorities = workloads.filter(({ id }) => tied.has(id)).map(({ workload }) => workload.priority ?? 0)
  const higher = Math.max(0, ...priorities) + 1
  return (
    <Notice tone="attention" title={`${devicesWords(preview.counts.tied ?? 0)} tied`}>
      {listWords([...tied])} have the same priority there, so none counts: end the tie before you start.
      {onPriority && (
        <Button size="small" className="mt-2 flex" onClick={() => onPriority(higher)}>
          Give it priority {higher}
        </Button>
      )}
    </Notice>
  )
}

const listWords = (words: string[]) => new Intl.ListFormat('en', { type: 'conjunction' }).format(words)

function RefusedBy({ preview: { refusedBy } }: { preview: Preview }) {
  const reasons = Object.entries(refusedBy).toSorted(([, a], [, b]) => b - a)
  if (reasons.length === 0) return null
  return (
    <div className="border-t pt-4">
      <h3 className="font-medium">Why some are refused</h3>
      <dl className="mt-2 grid gap-2">
        {reasons.map(([code, devices]) => (
          <Line key={code} name={nameRefusal(code)} title={code}>
            {devicesWords(devices)}
          </Line>
        ))}
      </dl>
    </div>
  )
}
