import type { AssignmentRow } from '@tradewind/store'
import Link from 'next/link'
import { Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { explainActor } from '../words/explain-audit'
import { causeNames } from '../words/name-assignment'

/** Without what was signed and why: the page shows many. */
export type MadeRow = Pick<
  AssignmentRow,
  'revision' | 'atMs' | 'actor' | 'cause' | 'rolloutId' | 'workloadId' | 'build'
> & { context: number }

type Props = { deviceId: string; rows: MadeRow[]; applied: number; mayAssign: boolean }

/** Everything that was assigned to the device, the newest first. */
export const AssignmentHistory = ({ deviceId, rows, applied, mayAssign }: Props) => (
  <Section title="Assignments" hint="What it was to serve, since when, and who said so.">
    <Panel>
      {rows.length === 0 ? (
        <p className="px-5 py-8 text-center text-muted">Nothing was ever assigned to it.</p>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-[13px]">
            <caption className="sr-only">Assignments, the newest first</caption>
            <thead className="text-left text-xs text-muted">
              <tr>
                <th scope="col" className="px-5 py-2 font-medium">
                  Revision
                </th>
                <th scope="col" className="px-3 py-2 font-medium">
                  Build
                </th>
                <th scope="col" className="px-3 py-2 font-medium max-md:hidden">
                  Came about
                </th>
                <th scope="col" className="px-3 py-2 text-right font-medium">
                  When
                </th>
                {mayAssign && (
                  <th scope="col" className="px-5 py-2 font-medium max-md:hidden">
                    <span className="sr-only">Actions</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody className="divide-y">
              {rows.map((row, i) => (
                <Row
                  key={row.revision}
                  row={row}
                  deviceId={deviceId}
                  applied={applied}
                  again={mayAssign}
                  newest={i === 0}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  </Section>
)

type RowProps = { row: MadeRow; deviceId: string; applied: number; again: boolean; newest: boolean }

const Row = ({ row, deviceId, applied, again, newest }: RowProps) => (
  <tr className="align-top">
    <th scope="row" className="tabular px-5 py-2.5 text-left font-medium">
      {row.revision}
      {row.revision === applied && <span className="block text-xs font-normal text-good">applied</span>}
    </th>
    <td className="px-3 py-2.5">
      <code className="font-mono [overflow-wrap:anywhere]">{row.build}</code>
      <span className="tabular block text-muted">{row.context.toLocaleString('en')} tokens of context</span>
      <span className="block text-muted md:hidden">
        <Cause row={row} />
      </span>
    </td>
    <td className="px-3 py-2.5 max-md:hidden">
      <Cause row={row} />
    </td>
    <td className="tabular whitespace-nowrap px-3 py-2.5 text-right text-muted">
      <Ago atMs={row.atMs} />
    </td>
    {again && (
      <td className="whitespace-nowrap px-5 py-2.5 text-right max-md:hidden">
        {!newest && (
          <Link
            href={`/assign?devices=${deviceId}&build=${encodeURIComponent(row.build)}`}
            prefetch={false}
            className="text-accent underline underline-offset-2"
          >
            Assign again
          </Link>
        )}
      </td>
    )}
  </tr>
)

function Cause({ row: { cause, actor, rolloutId, workloadId } }: { row: MadeRow }) {
  const { kind, name } = explainActor(actor)
  return (
    <>
      {rolloutId ? (
        <Link href={`/rollouts/${rolloutId}`} prefetch={false} className="text-accent underline underline-offset-2">
          {causeNames[cause]}
        </Link>
      ) : (
        causeNames[cause]
      )}{' '}
      by <span title={kind}>{name}</span>
      {workloadId && <span className="text-muted"> for {workloadId}</span>}
    </>
  )
}
