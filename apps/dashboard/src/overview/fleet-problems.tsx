import Link from 'next/link'
import type { Attention } from '../server/attention'
import { Panel } from '../ui/section'
import { SeveritySign } from '../ui/severity'
import { For } from '../ui/time'
import { placeOf } from './attention-items'

type Problem = Attention['fleet'][number]

/** What needs a person and is not wrong with one device. */
export const FleetProblems = ({ fleet, className }: { fleet: Problem[]; className?: string }) => (
  <Panel className={className}>
    <ul className="divide-y" aria-label="Problems of the fleet">
      {fleet.map((problem) => (
        <FleetItem key={`${problem.code} ${problem.title}`} problem={problem} />
      ))}
    </ul>
  </Panel>
)

export function FleetItem({ problem }: { problem: Problem }) {
  const { href, name } = placeOf(problem)
  return (
    <li className="group relative flex items-start gap-3 px-4 py-3 hover:bg-raised/60">
      <SeveritySign severity={problem.severity} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <Link
          href={href}
          prefetch={false}
          title={name}
          className="font-medium [overflow-wrap:anywhere] after:absolute after:inset-0"
        >
          {problem.title}
        </Link>
        <p className="mt-0.5 text-pretty text-[13px] text-muted">{problem.toDo}</p>
      </div>
      <For sinceMs={problem.sinceMs} className="tabular whitespace-nowrap text-right text-[13px] text-muted" />
    </li>
  )
}
