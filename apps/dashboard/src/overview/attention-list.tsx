import { CircleCheckBig } from 'lucide-react'
import Link from 'next/link'
import type { Attention } from '../server/attention'
import { Panel, Section } from '../ui/section'
import { SeveritySign } from '../ui/severity'
import { For } from '../ui/time'
import { count } from '../words/format'
import { attentionItems } from './attention-items'
import { FleetItem } from './fleet-problems'

/** What needs a person now, the most urgent first; calm when nothing does. */
export function AttentionList({ attention }: { attention: Attention }) {
  const items = attentionItems(attention)
  return (
    <Section
      title="Needs attention"
      actions={
        <Link href="/problems" className="text-[13px] font-medium text-accent underline-offset-2 hover:underline">
          All problems
        </Link>
      }
    >
      <Panel>
        {items.length === 0 ? (
          <p className="flex items-center gap-3 px-4 py-4 font-medium">
            <CircleCheckBig className="size-5 text-good" aria-hidden />
            Nothing needs you
          </p>
        ) : (
          <ul className="divide-y">
            {items.map((item) =>
              item.kind === 'fleet' ? (
                <FleetItem key={item.key} problem={item.problem} />
              ) : (
                <GroupItem key={item.key} group={item.group} />
              ),
            )}
          </ul>
        )}
        <Quiet attention={attention} />
      </Panel>
    </Section>
  )
}

function GroupItem({ group }: { group: Attention['groups'][number] }) {
  const { code, name, severity, sinceMs, devices, first, toDo } = group
  const [only] = devices === 1 ? first : []
  const names = [...new Set(first.map(({ deviceName }) => deviceName))]
  return (
    <li className="relative flex items-start gap-3 px-4 py-3 hover:bg-raised/60">
      <SeveritySign severity={severity} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap gap-x-3">
          <Link
            href={only ? `/devices/${only.deviceId}` : `/devices?problem=${code}`}
            prefetch={false}
            className="tabular font-medium [overflow-wrap:anywhere] after:absolute after:inset-0"
          >
            {name}: {only ? only.deviceName : `${count(devices)} devices`}
          </Link>
          <span className="tabular min-w-0 text-muted [overflow-wrap:anywhere]">
            {!only && namesOf(names, devices)}
            {only && code !== 'lost' && only.title}
          </span>
        </p>
        <p className="mt-0.5 text-pretty text-[13px] text-muted">{toDo}</p>
      </div>
      <For sinceMs={sinceMs} className="tabular whitespace-nowrap text-right text-[13px] text-muted" />
    </li>
  )
}

/** A few names, and how many more there are. */
export const namesOf = (names: string[], devices: number) =>
  devices > names.length ? `${names.join(', ')} and ${count(devices - names.length)} more` : names.join(', ')

/** What people have said something of is not shown above, and not hidden either. */
function Quiet({ attention: { acknowledged, silenced } }: { attention: Attention }) {
  if (acknowledged + silenced === 0) return null
  return (
    <p className="flex flex-wrap gap-x-4 border-t px-4 py-2.5 text-[13px] text-muted">
      {acknowledged > 0 && (
        <Link href="/problems?state=acknowledged" className="underline-offset-2 hover:underline">
          {count(acknowledged)} acknowledged
        </Link>
      )}
      {silenced > 0 && (
        <Link href="/problems?state=silenced" className="underline-offset-2 hover:underline">
          {count(silenced)} silenced
        </Link>
      )}
    </p>
  )
}
