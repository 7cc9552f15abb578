import type { EventRow } from '@tradewind/store'
import { classes } from '../ui/classes'
import { Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { explainEvent, type Tone } from '../words/explain-event'

const dots: Record<Tone, string> = {
  good: 'bg-good',
  attention: 'bg-attention',
  bad: 'bg-bad',
  neutral: 'bg-line-strong',
}

export const EventList = ({ events }: { events: EventRow[] }) => (
  <Section title="Events">
    <Panel>
      {events.length === 0 ? (
        <p className="px-5 py-8 text-center text-muted">Nothing has happened yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <ol tabIndex={0} className="max-h-[32rem] divide-y overflow-y-auto" aria-live="polite">
          {events.map((event) => (
            <EventItem key={event.id} event={event} />
          ))}
        </ol>
      )}
    </Panel>
  </Section>
)

function EventItem({ event }: { event: EventRow }) {
  const { title, more, tone } = explainEvent(event)
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-3 px-5 py-3">
      <span className={classes('size-1.5 -translate-y-0.5 rounded-full', dots[tone])} aria-hidden />
      <span title={event.code}>{title}</span>
      <Ago atMs={event.atMs} className="tabular text-xs text-muted" />
      {more && <p className="col-start-2 mt-0.5 text-[13px] text-muted [overflow-wrap:anywhere]">{more}</p>}
    </li>
  )
}
