import { explainProblem } from '@tradewind/fleet'
import type { DeviceDetail, ProblemRow } from '@tradewind/store'
import Link from 'next/link'
import { Panel } from '../ui/section'
import { SeverityBadge } from '../ui/severity'
import { For } from '../ui/time'
import { count } from '../words/format'

/** What is wrong with one device, on its own page. That it is lost is said above, with the likely cause. */
export function DeviceProblems({ device, problems }: { device: DeviceDetail; problems: ProblemRow[] }) {
  const shown = problems.filter(({ code }) => code !== 'lost' || device.presence?.state !== 'lost')
  const waiting = shown.filter(({ state }) => state === 'waiting')
  const quiet = shown.length - waiting.length
  if (shown.length === 0) return null
  return (
    <section aria-label="Problems" className="mb-6">
      <Panel>
        <ul className="divide-y">
          {waiting.map((problem) => (
            <Item key={problem.id} problem={problem} />
          ))}
        </ul>
        <p className="flex flex-wrap justify-between gap-x-4 border-t px-4 py-2 text-[13px] text-muted first:border-t-0">
          <span>{quiet > 0 && `${count(quiet)} acknowledged or silenced`}</span>
          <Link
            href={`/problems?device=${device.id}`}
            className="font-medium text-accent underline-offset-2 hover:underline"
          >
            All problems of {device.name}
          </Link>
        </p>
      </Panel>
    </section>
  )
}

function Item({ problem }: { problem: ProblemRow }) {
  const { title, means, toDo } = explainProblem(problem)
  return (
    <li className="flex items-start gap-x-3 gap-y-1 px-4 py-2.5 max-sm:flex-wrap">
      <span className="w-24 shrink-0">
        <SeverityBadge severity={problem.severity} />
      </span>
      <div className="min-w-0 flex-1 max-sm:order-last max-sm:basis-full">
        <p className="tabular font-medium [overflow-wrap:anywhere]">{title}</p>
        <p className="text-pretty text-[13px] text-muted">
          {means} <span className="text-text">{toDo}</span>
        </p>
      </div>
      <For sinceMs={problem.sinceMs} className="tabular ml-auto whitespace-nowrap text-[13px] text-muted" />
    </li>
  )
}
