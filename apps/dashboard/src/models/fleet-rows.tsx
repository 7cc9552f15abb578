import type { Matrix } from '@tradewind/fleet'
import { CircleX } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../ui/classes'
import { bytes, count, perSecond } from '../words/format'
import { contextWords, originMeanings, originNames, refusalName } from '../words/name-model'
import { GroupTitle, NarrowTitle, narrow, RowTitle } from './matrix-table'
import type { Pair } from './pair'
import type { Fleet } from './use-fleet-models'

type Props = { variants: Matrix['variants']; fleet: Fleet | null; failed: boolean; pair: Pair; comparing: boolean }

/** The same variants on the devices that are there: what was measured is plain, what is predicted has a dotted line. */
export function FleetRows({ variants, fleet, failed, pair, comparing }: Props) {
  const columns = comparing ? pair : variants.map((_, i) => i)
  const row = (title: string, hint: string, cell: (variant: string, told: Fleet) => ReactNode) => (
    <>
      <NarrowTitle title={title} hint={hint} />
      <tr className="border-b last:border-0">
        <RowTitle title={title} hint={hint} />
        {columns.map((place) => (
          <td
            key={place}
            className={classes('tabular h-[3.75rem] px-3 py-2.5 align-top max-sm:w-1/2', narrow(pair, place))}
          >
            {fleet ? (
              cell(variants[place]?.id ?? '', fleet)
            ) : failed ? (
              <NotTold />
            ) : (
              <div className="skeleton h-4 w-24" />
            )}
          </td>
        ))}
        {comparing && <td className="max-sm:hidden" />}
      </tr>
    </>
  )
  return (
    <tbody aria-busy={fleet === null && !failed}>
      <GroupTitle title="On your devices" />
      {row('Can run it', `Now, with ${count(fleet?.context ?? 0)} tokens or more`, (id, told) => (
        <Able id={id} fleet={told} />
      ))}
      {row('Longest context', 'Of the devices that can run it', (id, told) => {
        const { context } = reachOf(told, id) ?? {}
        return context ? contextWords(context) : <Nothing />
      })}
      {row('Writes', 'Measured on your devices, beside the prediction', (id, told) => (
        <OwnSpeeds id={id} fleet={told} />
      ))}
      {row('Holds', 'The most memory that was measured, and its estimate', (id, told) => (
        <OwnMemory id={id} fleet={told} />
      ))}
    </tbody>
  )
}

const NotTold = () => (
  <span className="inline-flex items-center gap-1.5 text-muted">
    <CircleX className="size-3.5" aria-hidden />
    Not answered
  </span>
)
const Nothing = () => <span className="text-muted">None</span>
const NotMeasured = () => <span className="hatched rounded px-1.5 text-unknown">Not measured yet</span>
const reachOf = (fleet: Fleet, id: string) => fleet.variants.find(({ variant }) => variant === id)

function Able({ id, fleet }: { id: string; fleet: Fleet }) {
  const reach = reachOf(fleet, id)
  if (!reach) return <Nothing />
  const against = Object.entries(reach.refusedBy).toSorted(([, a], [, b]) => b - a)
  return (
    <>
      <span className={classes(reach.able > 0 && 'font-medium')}>
        {count(reach.able)} of {count(fleet.devices)}
      </span>
      {against.map(([code, devices]) => (
        <span key={code} className="block text-[13px] text-muted">
          {count(devices)}: {refusalName(code)}
        </span>
      ))}
    </>
  )
}

function OwnSpeeds({ id, fleet }: { id: string; fleet: Fleet }) {
  const own = fleet.own.filter(({ variant, generationPerSecond }) => variant === id && generationPerSecond)
  if (own.length === 0) return <NotMeasured />
  return (
    <ul className="grid gap-1.5">
      {own.map((one) => (
        <li key={`${one.build} ${one.deviceClass}`}>
          <span className="font-medium">{one.generationPerSecond && rangeOfSpeed(one.generationPerSecond)}</span>
          {one.predicted && <Predicted speed={one.predicted} />}
          <span className="block text-[13px] text-muted [overflow-wrap:anywhere]">
            {one.build} on {count(one.devices)} {one.board ?? one.deviceClass}
          </span>
        </li>
      ))}
    </ul>
  )
}

const rangeOfSpeed = ({ least, most }: { least: number; most: number }) =>
  perSecond(least) === perSecond(most)
    ? perSecond(most)
    : `${perSecond(least).replace(' tokens/s', '')} to ${perSecond(most)}`

type SpeedTold = NonNullable<Fleet['own'][number]['predicted']>

/** Measured is plain; anything else has the dotted line of a prediction and says what it rests on. */
export const Predicted = ({ speed: { generationPerSecond, from } }: { speed: SpeedTold }) => (
  <span className="block text-[13px] text-muted" title={originMeanings[from]}>
    <span className="underline decoration-dotted underline-offset-2">{perSecond(generationPerSecond)}</span>{' '}
    {originNames[from]}
  </span>
)

function OwnMemory({ id, fleet }: { id: string; fleet: Fleet }) {
  const own = fleet.own.filter(({ variant, residentBytes }) => variant === id && residentBytes !== null)
  if (own.length === 0) return <NotMeasured />
  return (
    <ul className="grid gap-1.5">
      {own.map(({ build, deviceClass, residentBytes, estimatedBytes }) => (
        <li key={`${build} ${deviceClass}`}>
          <span className="font-medium">{bytes(residentBytes ?? 0)}</span>
          {estimatedBytes !== null && (
            <span className="block text-[13px] text-muted">
              <span className="underline decoration-dotted underline-offset-2">{bytes(estimatedBytes)}</span> estimated
            </span>
          )}
          <span className="block text-[13px] text-muted">{build}</span>
        </li>
      ))}
    </ul>
  )
}
