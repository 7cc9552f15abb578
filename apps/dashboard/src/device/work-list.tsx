import { workFigures } from '../words/work'
import type { History } from './history'
import { ranges } from './ranges'

/** What the device did for programs in the range, in numbers. Nothing of one that did nothing for a month. */
export function WorkList({ history: { range, work, worked } }: { history: History }) {
  if (worked.requests === 0) return null
  const span = ranges[range].title.toLowerCase()
  if (work.requests === 0)
    return <p className="mb-4 text-[13px] text-muted">No program asked it for anything in the {span}.</p>
  return (
    <dl
      aria-label={`Work done in the ${span}`}
      className="tabular mb-4 grid grid-cols-3 gap-x-4 gap-y-3 sm:flex sm:flex-wrap sm:gap-x-8"
    >
      {workFigures(work).map(({ name, value, says }) => (
        <div key={name} title={says}>
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="text-[15px] font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
