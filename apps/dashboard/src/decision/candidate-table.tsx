import { Check, Clock, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Badge, type BadgeTone } from '../ui/badge'
import { Button } from '../ui/button'
import { classes } from '../ui/classes'
import { count, perSecond } from '../words/format'
import { NeedBar } from './memory-bar'
import { Known } from './origin'
import type { CandidateRow } from './panel'

const verdicts: Record<CandidateRow['verdict'], { tone: BadgeTone; icon: ReactNode; word: string; title: string }> = {
  fits: { tone: 'good', icon: <Check aria-hidden />, word: 'Fits', title: 'It may be assigned' },
  unresolved: {
    tone: 'attention',
    icon: <Clock aria-hidden />,
    word: 'Fits, not resolved',
    title: 'It may be assigned once its files are resolved',
  },
  refused: { tone: 'neutral', icon: <X aria-hidden />, word: 'Refused', title: 'It may not be assigned' },
}

const roles: Record<NonNullable<CandidateRow['role']>, string> = {
  has: 'on this device',
  chosen: 'chosen',
  proposed: 'proposed',
  closest: 'comes nearest',
  offered: 'offered instead',
}

type Props = { rows: CandidateRow[] /** the verdicts without another context */; before: CandidateRow[] }

/** Every build of the catalogue against this device, those that may be chosen first. */
export function CandidateTable({ rows, before }: Props) {
  const [all, setAll] = useState(false)
  const shown = all ? rows : rows.filter((row) => row.role !== null || isFirstOfVariant(row, rows))
  const verdictBefore = new Map(before.map(({ build, verdict }) => [build, verdict]))
  return (
    <div>
      <div className="overflow-x-auto">
        <table className="w-full text-[13px]">
          <caption className="sr-only">Every build, whether it fits this device, and why not</caption>
          <thead className="text-xs text-muted">
            <tr>
              <Head>Build</Head>
              <Head>Verdict</Head>
              <Head className="max-lg:hidden">Memory</Head>
              <Head className="text-right max-md:hidden">Longest context</Head>
              <Head className="text-right max-md:hidden">Writes</Head>
              <Head className="text-right max-lg:hidden">Score</Head>
            </tr>
          </thead>
          <tbody className="divide-y">
            {shown.map((row) => (
              <Row key={row.build} row={row} changed={hasChanged(row, verdictBefore.get(row.build))} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown.length || all ? (
        <div className="border-t px-5 py-2">
          <Button tone="quiet" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${rows.length} builds`}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

/** Unasked the best of each variant is shown: between those people choose. */
const isFirstOfVariant = (row: CandidateRow, rows: CandidateRow[]) =>
  rows.find(({ variant }) => variant === row.variant) === row

/** What the other context has made of it; null: the same. */
function hasChanged({ verdict }: CandidateRow, before: CandidateRow['verdict'] | undefined): string | null {
  if (before === undefined || (before === 'refused') === (verdict === 'refused')) return null
  return verdict === 'refused' ? 'no longer' : 'would now'
}

const Head = ({ className, children }: { className?: string; children: ReactNode }) => (
  <th
    scope="col"
    className={classes('whitespace-nowrap px-3 py-2 text-left font-medium first:pl-5 last:pr-5', className)}
  >
    {children}
  </th>
)

const Cell = ({ className, children }: { className?: string; children: ReactNode }) => (
  <td className={classes('px-3 py-2.5 align-top first:pl-5 last:pr-5', className)}>{children}</td>
)

function Row({ row, changed }: { row: CandidateRow; changed: string | null }) {
  const { tone, icon, word, title } = verdicts[row.verdict]
  const [score, ...scores] = row.score.split('\n')
  return (
    <tr className={row.role === 'has' || row.role === 'chosen' ? 'bg-accent-soft/50' : undefined}>
      <th scope="row" className="px-3 py-2.5 text-left align-top font-normal first:pl-5">
        <span className="font-medium">{row.variant}</span> <span className="text-muted">{row.quantisation}</span>
        {row.role && <span className="block text-xs font-medium text-accent">{roles[row.role]}</span>}
        <span className="block text-xs text-muted [overflow-wrap:anywhere]">
          <code className="font-mono">{row.build}</code>, {row.engine}
          {row.demo && ', a demo'}
        </span>
      </th>
      <Cell className="md:min-w-56">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Badge tone={tone} icon={icon} title={title}>
            {word}
          </Badge>
          {changed && <span className="text-xs font-medium text-attention">{changed}</span>}
        </span>
        <Reasons row={row} />
        <div className="tabular mt-1 text-muted lg:hidden">
          {row.needBytes !== null && <NeedBar needBytes={row.needBytes} haveBytes={row.haveBytes} />}
        </div>
      </Cell>
      <Cell className="max-lg:hidden">
        <NeedBar needBytes={row.needBytes} haveBytes={row.haveBytes} />
      </Cell>
      <Cell className="tabular whitespace-nowrap text-right max-md:hidden">
        {row.longest > 0 ? (
          <span
            className="underline decoration-dotted underline-offset-4"
            title="Predicted from the shape of its cache"
          >
            {count(row.longest)}
          </span>
        ) : (
          <span className="text-faint">none</span>
        )}
      </Cell>
      <Cell className="tabular text-right max-md:hidden">
        <Known figure={row.writes} words={perSecond} />
      </Cell>
      <Cell className="tabular text-right max-lg:hidden">
        <span title={scores.join('\n')}>{score || <span className="text-faint">none</span>}</span>
      </Cell>
    </tr>
  )
}

/** The first in words, with what it needs; the numbers and the others where one points. */
function Reasons({ row: { reasons } }: { row: CandidateRow }) {
  const [first, ...others] = reasons
  if (!first) return null
  return (
    <div className="mt-1 max-w-prose text-pretty [overflow-wrap:anywhere]">
      <p title={`${first.code}\n${first.numbers}`}>{capital(first.says)}.</p>
      <p className="text-muted">Needs {first.needs}.</p>
      {others.length > 0 && (
        <details>
          <summary className="cursor-pointer text-muted max-sm:min-h-8">
            and {others.length} other {others.length === 1 ? 'reason' : 'reasons'}
          </summary>
          <ul className="grid gap-1 pt-1">
            {others.map((one) => (
              <li key={one.code} title={`${one.code}\n${one.numbers}`}>
                {capital(one.says)}. <span className="text-muted">Needs {one.needs}.</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

/** Names stay as they are written. */
const capital = (text: string) => (/^[a-z]+ /.test(text) ? upper(text) : text)
const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
