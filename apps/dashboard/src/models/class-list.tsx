import Link from 'next/link'
import { classes } from '../ui/classes'
import { Panel, Section } from '../ui/section'
import { bytes, count, perSecond } from '../words/format'
import { contextWords, originMeanings, originNames, refusalName } from '../words/name-model'
import type { Fleet } from './use-fleet-models'

type Props = {
  variants: { id: string; name: string }[]
  chosen: string
  choose: (id: string) => void
  fleet: Fleet | null
}

/** Which devices can run one variant, and with how much context: by class, each device judged by itself. */
export function ClassList({ variants, chosen, choose, fleet }: Props) {
  const reach = fleet?.variants.find(({ variant }) => variant === chosen)
  return (
    <Section
      title="Which of your devices can run it"
      hint="Every device is judged by what is free on it now. Devices of one class share their board, not their free memory."
    >
      <fieldset className="mb-3 flex flex-wrap gap-1.5">
        <legend className="sr-only">Variant</legend>
        {variants.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            aria-pressed={id === chosen}
            onClick={() => choose(id)}
            className={classes(
              'h-11 rounded-md border px-3 font-medium sm:h-8 sm:px-2.5 sm:text-[13px]',
              id === chosen
                ? 'border-accent bg-accent-soft text-accent-strong'
                : 'bg-surface text-muted hover:bg-raised',
            )}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <Panel className="min-h-28">
        {!fleet ? (
          <div className="grid gap-3 p-5">
            <div className="skeleton h-4 w-72 max-w-full" />
            <div className="skeleton h-4 w-56 max-w-full" />
          </div>
        ) : reach && reach.classes.length > 0 ? (
          <ul className="divide-y">
            {reach.classes.map((one) => (
              <ClassItem key={one.deviceClass} one={one} />
            ))}
          </ul>
        ) : (
          <p className="px-5 py-8 text-center text-muted">
            No device has reported yet.{' '}
            <Link href="/add" className="text-accent underline underline-offset-2">
              Add a device
            </Link>
          </p>
        )}
      </Panel>
    </Section>
  )
}

type ClassReach = Fleet['variants'][number]['classes'][number]

function ClassItem({ one }: { one: ClassReach }) {
  const builds = Object.entries(one.builds).toSorted(([, a], [, b]) => b - a)
  const against = Object.entries(one.refusedBy).toSorted(([, a], [, b]) => b - a)
  return (
    <li className="grid gap-x-6 gap-y-1 px-5 py-3 sm:grid-cols-[minmax(0,16rem)_8rem_minmax(0,1fr)_9rem] sm:items-center">
      <div className="min-w-0">
        <Link
          href={`/devices?class=${encodeURIComponent(one.deviceClass)}`}
          className="block truncate font-medium text-accent underline-offset-2 hover:underline"
          title={one.board ?? undefined}
        >
          {one.board ?? 'Board unknown'}
        </Link>
        <p className="truncate text-[13px] text-muted" title={one.deviceClass}>
          {one.memoryBytes === null ? 'Memory not readable' : `${bytes(one.memoryBytes)} of memory`}
        </p>
      </div>
      <p className={classes('tabular', one.able === 0 && 'text-muted')}>
        <span className={classes(one.able > 0 && 'font-medium')}>{count(one.able)}</span> of {count(one.devices)}
      </p>
      <div className="tabular min-w-0 text-[13px] text-muted [overflow-wrap:anywhere]">
        {one.context && (
          <p className="text-sm text-text">
            {one.context.least === one.context.most ? 'Up to' : 'By device'} {contextWords(one.context)}
          </p>
        )}
        {builds.length > 0 && <p>{builds.map(([build, devices]) => `${build} (${count(devices)})`).join(', ')}</p>}
        {against.map(([code, devices]) => (
          <p key={code}>
            {count(devices)}: {refusalName(code)}
          </p>
        ))}
      </div>
      <p className="tabular sm:text-right">
        {one.speed && (
          <span title={originMeanings[one.speed.from]}>
            <span
              className={classes(one.speed.from !== 'measured' && 'underline decoration-dotted underline-offset-2')}
            >
              {perSecond(one.speed.generationPerSecond)}
            </span>
            <span className="block text-[13px] text-muted">{originNames[one.speed.from]}</span>
          </span>
        )}
      </p>
    </li>
  )
}
