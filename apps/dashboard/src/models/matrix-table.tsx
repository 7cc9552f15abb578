import type { Matrix, MatrixCell, MatrixRow, MatrixValue } from '@tradewind/fleet'
import { Check, CircleQuestionMark, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../ui/classes'
import { bytes } from '../words/format'
import { differenceWords, figureWords } from '../words/name-model'
import { ClaimList } from './claim-list'
import type { Pair } from './pair'
import { StandingMark } from './standing-mark'

type Props = {
  matrix: Matrix
  /** which two are shown on a narrow screen */
  pair: Pair
  /** only these two on a wide screen too, with what differs */
  comparing: boolean
  /** a group of the same columns that comes first */
  children?: ReactNode
}

/** Variants as columns, what they give and what they cost as rows. */
export function MatrixTable({ matrix: { variants, groups }, pair, comparing, children }: Props) {
  const columns = comparing ? pair : variants.map((_, i) => i)
  return (
    <div className="overflow-x-auto rounded-lg border bg-surface shadow-card">
      <table
        className={classes('w-full border-collapse text-left', comparing ? 'sm:min-w-[640px]' : 'sm:min-w-[1120px]')}
      >
        <thead className="bg-raised">
          <tr>
            <th scope="col" className={classes(headLook, 'sticky left-0 z-10 w-56 bg-raised max-sm:hidden')}>
              <span className="sr-only">What is compared</span>
            </th>
            {columns.map((place) => (
              <th key={place} scope="col" className={classes(headLook, narrow(pair, place))}>
                {variants[place]?.name}
                <code className="block font-mono text-xs font-normal text-muted">{variants[place]?.id}</code>
              </th>
            ))}
            {comparing && (
              <th scope="col" className={classes(headLook, 'max-sm:hidden')}>
                Difference
              </th>
            )}
          </tr>
        </thead>
        {children}
        {groups.map(({ id, title, rows }) => (
          <tbody key={id}>
            <GroupTitle title={title} />
            {rows.map((row) => (
              <Row key={row.id} row={row} columns={columns} pair={pair} comparing={comparing} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

const headLook = 'px-3 py-2.5 align-bottom font-semibold max-sm:w-1/2 sm:w-[16%]'
/** More columns than a narrow screen or a wide one has. */
const allColumns = 99

export const GroupTitle = ({ title }: { title: string }) => (
  <tr>
    <th
      scope="rowgroup"
      colSpan={allColumns}
      className="border-y bg-page px-3 py-2 text-[13px] font-semibold text-muted first:border-t-0"
    >
      <span className="sticky left-3">{title}</span>
    </th>
  </tr>
)

/** A column that is not one of the pair has no room on a phone. */
export const narrow = (pair: Pair, place: number) => !pair.includes(place) && 'max-sm:hidden'

type RowProps = { row: MatrixRow; columns: number[]; pair: Pair; comparing: boolean }

function Row({ row, columns, pair, comparing }: RowProps) {
  const shared = sharedSource(row)
  const about = row.claims.length > 0 && <RowClaims row={row} />
  return (
    <>
      <NarrowTitle title={row.title} hint={row.hint}>
        {shared}
        {about}
      </NarrowTitle>
      <tr className="border-b last:border-0">
        <RowTitle title={row.title} hint={row.hint}>
          {shared}
          {about}
        </RowTitle>
        {columns.map((place) => {
          const cell = row.cells[place]
          return (
            <td key={place} className={classes('px-3 py-2.5 align-top max-sm:w-1/2', narrow(pair, place))}>
              {cell && <Cell cell={cell} hasOwnSource={shared === null} />}
            </td>
          )
        })}
        {comparing && (
          <td className="tabular px-3 py-2.5 align-top text-muted max-sm:hidden">
            <Difference row={row} pair={pair} />
          </td>
        )}
      </tr>
    </>
  )
}

type TitleProps = { title: string; hint?: string; children?: ReactNode }

export const RowTitle = ({ title, hint, children }: TitleProps) => (
  <th scope="row" className="sticky left-0 z-10 border-r bg-surface px-3 py-2.5 align-top font-normal max-sm:hidden">
    <span className="font-medium">{title}</span>
    {hint && <span className="block text-[13px] text-muted">{hint}</span>}
    {children}
  </th>
)

/** On a phone the title of a row stands above its two cells. */
export const NarrowTitle = ({ title, hint, children }: TitleProps) => (
  <tr className="sm:hidden">
    <th scope="colgroup" colSpan={allColumns} className="px-3 pt-3 font-normal">
      <span className="font-medium">{title}</span>
      {hint && <span className="text-[13px] text-muted"> · {hint}</span>}
      {children}
    </th>
  </tr>
)

const RowClaims = ({ row: { claims } }: { row: MatrixRow }) => (
  <details className="mt-1">
    <summary className="cursor-pointer py-0.5 text-[13px] text-accent">
      What the article says{claims.length > 1 && ` (${claims.length})`}
    </summary>
    <ClaimList claims={claims} />
  </details>
)

/** Where all cells rest on the same, it is said once. */
function sharedSource({ cells }: MatrixRow): ReactNode {
  const known = cells.filter(({ value }) => value.kind !== 'unknown')
  const [first] = known
  if (!first?.standing || first.source === null) return null
  const isShared =
    known.length > 1 && known.every((one) => one.standing === first.standing && one.source === first.source)
  return isShared ? <StandingMark standing={first.standing} source={first.source} /> : null
}

function Cell({
  cell: { value, standing, source, best, claims },
  hasOwnSource,
}: {
  cell: MatrixCell
  hasOwnSource: boolean
}) {
  return (
    <>
      <div className={classes('tabular', best && 'font-semibold text-accent-strong')}>
        <Value value={value} />
        {best && <span className="ml-1.5 text-xs font-normal text-muted">best</span>}
      </div>
      {hasOwnSource && standing && source !== null && <StandingMark standing={standing} source={source} />}
      {claims.length > 0 && <ClaimList claims={claims} beside={value.kind === 'text' ? value.text : undefined} />}
    </>
  )
}

function Value({ value }: { value: MatrixValue }) {
  switch (value.kind) {
    case 'unknown':
      return (
        <span
          className="hatched inline-flex items-center gap-1.5 rounded px-1.5 text-unknown"
          title="Nobody has published it."
        >
          <CircleQuestionMark className="size-3.5" aria-hidden />
          Not published
        </span>
      )
    case 'yes':
    case 'no': {
      const Icon = value.kind === 'yes' ? Check : X
      return (
        <span className="inline-flex items-center gap-1.5">
          <Icon className={classes('size-4', value.kind === 'yes' ? 'text-good' : 'text-muted')} aria-hidden />
          {value.kind === 'yes' ? 'Yes' : 'No'}
        </span>
      )
    }
    case 'number':
      return value.corrected === undefined ? (
        figureWords(value.value, value.unit)
      ) : (
        <>
          <del className="font-normal text-muted">{figureWords(value.value, value.unit)}</del>{' '}
          {figureWords(value.corrected, value.unit)}
        </>
      )
    case 'text':
      return <span className="[overflow-wrap:anywhere]">{value.text}</span>
    case 'builds':
      return (
        <ul className="grid gap-0.5">
          {value.builds.map((one) => (
            <li
              key={one.build}
              className="flex flex-wrap justify-between gap-x-3"
              title={`${one.build} · ${one.engine}`}
            >
              <span className="text-muted">
                {one.quantisation}
                {one.engine !== 'llama-server' && ` · ${one.engine}`}
              </span>
              <span className="underline decoration-dotted underline-offset-2">{bytes(one.bytes)}</span>
            </li>
          ))}
        </ul>
      )
  }
}

function Difference({ row, pair }: { row: MatrixRow; pair: Pair }) {
  const [one, other] = pair.map((place) => row.cells[place]?.value)
  if (one?.kind === 'number' && other?.kind === 'number')
    return <>{differenceWords(one.corrected ?? one.value, other.corrected ?? other.value, one.unit)}</>
  if (one && other && one.kind === other.kind && (one.kind === 'yes' || one.kind === 'no')) return <>the same</>
  return null
}
