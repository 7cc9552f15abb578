import type { DeviceDetail } from '@tradewind/store'
import { Panel, Section } from '../ui/section'
import { Sync } from '../ui/state'
import { syncMeanings } from '../words/name-state'
import { SmokeOutcome } from './smoke-result'

type Props = Pick<DeviceDetail, 'sync' | 'assignment' | 'smoke'>

export function SyncPanel({ sync, assignment, smoke }: Props) {
  const assigned = assignment?.assignedRevision ?? 0
  return (
    <Section title="Sync" actions={<Sync state={sync} />}>
      <Panel className="grid gap-3 p-5">
        <p className="text-muted">{assigned === 0 ? 'Nothing is assigned yet.' : syncMeanings[sync]}</p>
        {assignment && assigned > 0 && (
          <dl className="grid gap-1.5">
            <Revision name="Assigned" number={assignment.assignedRevision} />
            <Revision name="Seen" number={assignment.revisionSeen} />
            <Revision name="Applied" number={assignment.revisionApplied} />
          </dl>
        )}
        {smoke && <SmokeOutcome smoke={smoke} test={assignment?.latest?.assignment.smoke ?? null} />}
      </Panel>
    </Section>
  )
}

/** Revisions count from 1; 0 stands for none. */
const Revision = ({ name, number }: { name: string; number: number }) => (
  <div className="flex justify-between gap-4">
    <dt className="text-muted">{name}</dt>
    <dd className="tabular">{number === 0 ? 'none' : `revision ${number}`}</dd>
  </div>
)
