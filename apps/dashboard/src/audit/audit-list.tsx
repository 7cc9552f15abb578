import type { AuditRow } from '@tradewind/store'
import Link from 'next/link'
import { Panel } from '../ui/section'
import { Ago } from '../ui/time'
import { explainAction, explainActor, explainChange } from '../words/explain-audit'

type Props = { rows: AuditRow[]; names: Map<string, string> }

export const AuditList = ({ rows, names }: Props) => (
  <Panel>
    <ol className="divide-y">
      {rows.map((row) => (
        <AuditItem key={row.id} row={row} names={names} />
      ))}
    </ol>
  </Panel>
)

function AuditItem({ row, names }: { row: AuditRow; names: Props['names'] }) {
  const { kind, name } = explainActor(row.actor)
  const { change, more } = explainChange(row.detail)
  return (
    <li className="grid gap-x-6 gap-y-1 px-5 py-3 sm:grid-cols-[minmax(0,15rem)_minmax(0,1fr)_6rem]">
      <div className="min-w-0">
        <p className="truncate" title={row.actor}>
          {name}
        </p>
        <p className="text-[13px] text-muted">{kind}</p>
      </div>
      <div className="min-w-0">
        <p className="[overflow-wrap:anywhere]" title={row.action}>
          <span className="font-medium">{explainAction(row.action)}</span>{' '}
          <Target id={row.target} name={names.get(row.target)} />
        </p>
        {change && <Change {...change} />}
        {more && <p className="text-[13px] text-muted [overflow-wrap:anywhere]">{more}</p>}
      </div>
      <Ago atMs={row.atMs} className="tabular text-[13px] text-muted sm:text-right" />
    </li>
  )
}

const Change = ({ before, after }: { before: string; after: string }) => (
  <dl className="mt-1 grid gap-x-4 gap-y-0.5 text-[13px] [overflow-wrap:anywhere] lg:grid-cols-2">
    <div className="flex gap-2">
      <dt className="w-12 shrink-0 text-muted">Before</dt>
      <dd className={before === '' ? 'text-muted' : undefined}>{before || 'nothing'}</dd>
    </div>
    <div className="flex gap-2">
      <dt className="w-12 shrink-0 text-muted">After</dt>
      <dd className={after === '' ? 'text-muted' : undefined}>{after || 'nothing'}</dd>
    </div>
  </dl>
)

const Target = ({ id, name }: { id: string; name: string | undefined }) =>
  name === undefined ? (
    <code className="font-mono text-[13px] text-muted">{id}</code>
  ) : (
    <Link href={`/devices/${id}`} prefetch={false} className="text-accent underline underline-offset-2">
      {name}
    </Link>
  )
