import { Check } from 'lucide-react'
import { classes } from '../ui/classes'
import { Panel, Section } from '../ui/section'
import { memberNames } from '../words/explain-rollout'
import { count } from '../words/format'
import { devicesWords } from '../words/name-placement'
import { dotLooks, OutcomeBar, outcomeWords } from './member-look'
import type { Dot, RolloutShown, Wave } from './shape-rollout'

type Props = { rollout: Pick<RolloutShown, 'stages' | 'wave' | 'state'> }

/** The waves with what each gate asks and what there is of it. */
export const WaveList = ({ rollout: { stages, wave, state } }: Props) => (
  <Section title="Waves">
    <ol className="grid gap-3">
      {stages.map((one) => (
        <li key={one.wave}>
          <WaveCard wave={one} turn={turnOf(one.wave, wave, state)} />
        </li>
      ))}
    </ol>
  </Section>
)

type Turn = 'past' | 'now' | 'later'
const turnOf = (wave: number, now: number, state: RolloutShown['state']): Turn =>
  state === 'done' || wave < now ? 'past' : wave === now ? 'now' : 'later'
const turnNames: Record<Turn, string> = { past: 'Its gate is open', now: 'Now', later: 'Not begun' }

function WaveCard({ wave: { wave, counts, needed, mayFail, dots }, turn }: { wave: Wave; turn: Turn }) {
  const { members, succeeded, failed, waiting, absent, changing } = counts
  return (
    <Panel className={classes('grid gap-3 px-5 py-4', turn === 'now' && 'border-accent')}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 className="font-medium">
          Wave {wave + 1} <span className="font-normal text-muted">· {devicesWords(members)}</span>
        </h3>
        <span
          className={classes(
            'inline-flex items-center gap-1 text-[13px]',
            turn === 'now' ? 'font-medium text-accent-strong' : 'text-muted',
          )}
        >
          {turn === 'past' && <Check className="size-3.5" aria-hidden />}
          {turnNames[turn]}
        </span>
      </div>
      {dots ? <Dots dots={dots} words={outcomeWords(counts)} /> : <OutcomeBar outcomes={counts} />}
      <dl className="grid gap-x-6 gap-y-1.5 text-[13px] sm:grid-cols-3">
        <Mark name="Succeeded" have={succeeded} mark={`${count(needed)} needed`} isMet={succeeded >= needed} />
        <Mark
          name="Failed"
          have={failed}
          mark={mayFail === 0 ? 'none may' : `${count(mayFail)} may`}
          isMet={failed <= mayFail}
          isBad={failed > mayFail}
        />
        <div className="flex items-baseline gap-2">
          <dt className="text-muted">On the way</dt>
          <dd className="tabular">{outcomeWords({ changing, absent, waiting }) || 'nobody'}</dd>
        </div>
      </dl>
    </Panel>
  )
}

type MarkProps = { name: string; have: number; mark: string; isMet: boolean; isBad?: boolean }
const Mark = ({ name, have, mark, isMet, isBad = false }: MarkProps) => (
  <div className="flex items-baseline gap-2">
    <dt className="text-muted">{name}</dt>
    <dd className={classes('tabular', isBad ? 'text-bad' : isMet && have > 0 ? 'text-good' : undefined)}>
      {count(have)} <span className="text-muted">({mark})</span>
    </dd>
  </div>
)

/** For the eye alone: the table of members has the same for everybody. */
const Dots = ({ dots, words }: { dots: Dot[]; words: string }) => (
  <div role="img" aria-label={words || 'no members'} className="flex flex-wrap gap-1">
    {dots.map(({ id, name, outcome }) => (
      <span
        key={id}
        title={`${name}: ${memberNames[outcome].toLowerCase()}`}
        className={classes('size-3 rounded-[3px]', dotLooks[outcome])}
      />
    ))}
  </div>
)
