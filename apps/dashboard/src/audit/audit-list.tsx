import type { AuditRow } from '@tradewind/store'
import Link from 'next/link'
import { Panel } from '../ui/section'
import { Ago } from '../ui/time'
import { explainAction, explainActor, explainDetail } from '../words/explain-audit'

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
  const detail = explainDetail(row.detail)
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
        {detail && <p className="text-[13px] text-muted [overflow-wrap:anywhere]">{detail}</p>}
      </div>
      <Ago atMs={row.atMs} className="tabular text-[13px] text-muted sm:text-right" />
    </li>
  )
}

const Target = ({ id, name }: { id: string; name: string | undefined }) =>
  name === undefined ? (
    <code className="font-mono text-[13px] text-muted">{id}</code>
  ) : (
    <Link href={`/devices/${id}`} prefetch={false} className="text-accent underline underline-offset-2">
      {name}
    </Link>
  )
