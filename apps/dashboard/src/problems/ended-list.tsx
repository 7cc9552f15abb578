import { meaningOf } from '@tradewind/fleet'
import type { ProblemRow } from '@tradewind/store'
import Link from 'next/link'
import { Panel } from '../ui/section'
import { SeveritySign } from '../ui/severity'
import { Ago, Exactly } from '../ui/time'
import { lasted, titleOf } from './problem-words'

/** What was wrong, the last that ended first. */
export const EndedList = ({ problems }: { problems: ProblemRow[] }) => (
  <Panel>
    <ul className="divide-y">
      {problems.map((problem) => (
        <li
          key={problem.id}
          className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-x-3 gap-y-0.5 px-4 py-2.5 sm:grid-cols-[auto_minmax(0,1fr)_minmax(0,2fr)_9rem]"
        >
          <SeveritySign severity={problem.severity} className="mt-0.5 text-faint" />
          <Link
            href={`/devices/${problem.deviceId}`}
            prefetch={false}
            title={problem.deviceName}
            className="truncate font-medium underline-offset-2 hover:underline"
          >
            {problem.deviceName}
          </Link>
          <div className="min-w-0 max-sm:col-start-2">
            <p>{meaningOf(problem.code).name}</p>
            <p className="tabular text-[13px] text-muted [overflow-wrap:anywhere]">
              {titleOf(problem)} · from <Exactly atMs={problem.sinceMs} />
            </p>
          </div>
          <div className="tabular text-[13px] text-muted max-sm:col-start-2 sm:text-right">
            <p>
              ended <Ago atMs={problem.endedMs ?? problem.sinceMs} />
            </p>
            <p>after {lasted(problem)}</p>
          </div>
        </li>
      ))}
    </ul>
  </Panel>
)
