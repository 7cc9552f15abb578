import { Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { explainClue } from '../words/explain-clue'
import { bytes, celsius, percent } from '../words/format'
import { cluesOf, type Silence } from './likely-cause'

type Props = { name: string; silence: Silence }

/** Why a device is likely lost: what is known, the most telling first, and its last words. */
export function LostPanel({ name, silence }: Props) {
  const [first, ...others] = cluesOf(silence).map(explainClue)
  return (
    <Section title="Why it is likely lost">
      <Panel className="grid gap-3 p-5">
        {first ? (
          <>
            <p className="text-base font-medium text-pretty">Most likely {first.likely}.</p>
            <p>
              {first.says} {first.toDo}
            </p>
          </>
        ) : (
          <p className="text-pretty">
            Nothing that {name} said points to a cause: neither heat, nor its supply, nor its memory, nor its radio
            link. Then it is most often the power or the network. Look at its lights first.
          </p>
        )}
        {others.length > 0 && (
          <ul className="grid list-disc gap-1 pl-5 text-muted">
            {others.map(({ likely, says }) => (
              <li key={likely}>
                It may also be that {likely}. {says}
              </li>
            ))}
          </ul>
        )}
        <LastWords silence={silence} />
      </Panel>
    </Section>
  )
}

function LastWords({ silence: { last, lostMs } }: Pick<Props, 'silence'>) {
  if (!last)
    return (
      <p className="text-[13px] text-muted">
        It had sent no sample in the quarter hour before it was lost, <Ago atMs={lostMs} />.
      </p>
    )
  const figures = [
    last.temperatureC !== null && celsius(last.temperatureC),
    last.cpuBusy !== null && `CPU ${percent(last.cpuBusy)} busy`,
    last.memAvailableBytes !== null && `${bytes(last.memAvailableBytes)} of memory available`,
    last.diskFreeBytes !== null && `${bytes(last.diskFreeBytes)} of disk free`,
  ].filter(Boolean)
  return (
    <p className="tabular text-[13px] text-muted">
      Its last sample, <Ago atMs={last.atMs} />: {figures.join(', ') || 'no figure could be read'}.
    </p>
  )
}
