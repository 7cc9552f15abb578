import type { WorkDone } from '@tradewind/store'
import { Panel, Section } from '../ui/section'
import { workLines } from './work-words'

export type Work = { today: WorkDone; lastWeek: WorkDone | null; weekday: string }

/** What the fleet did since midnight, against the same day of last week by the same time. */
export const WorkToday = ({ work: { today, lastWeek, weekday } }: { work: Work }) => (
  <Section
    title="Work done today"
    hint={
      lastWeek
        ? `Since midnight where the hub is, against last ${weekday} by this time.`
        : 'Since midnight where the hub is. Next week it is compared with this one.'
    }
  >
    <Panel>
      {today.requests === 0 ? (
        <p className="px-4 py-4 text-muted">Nothing was asked of the fleet today.</p>
      ) : (
        <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg bg-line sm:grid-cols-3 xl:grid-cols-6">
          {workLines(today, lastWeek).map(({ name, value, change }) => (
            <div key={name} className="min-w-0 bg-surface px-4 py-3">
              <dt className="text-[13px] text-muted">{name}</dt>
              <dd className="tabular mt-0.5 text-base font-semibold">
                {value ?? <span className="font-normal text-faint">none yet</span>}
              </dd>
              {lastWeek && <dd className="tabular min-h-5 text-[13px] text-muted">{change}</dd>}
            </div>
          ))}
        </dl>
      )}
    </Panel>
  </Section>
)
