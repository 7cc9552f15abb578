'use client'

import type { RolloutSummary } from '@tradewind/protocol'
import { Waves } from 'lucide-react'
import Link from 'next/link'
import { useRefresh } from '../fleet/use-fleet'
import { LivePill } from '../live/live-pill'
import { useLive } from '../live/use-live'
import { buttonLook } from '../ui/button'
import { Empty, PageTitle, Panel, Section } from '../ui/section'
import { Ago, Until } from '../ui/time'
import { explainActor } from '../words/explain-audit'
import { explainPause, explainWaiting } from '../words/explain-rollout'
import { OutcomeBar, outcomeWords } from './member-look'
import { RolloutBadge } from './rollout-badge'

const live = new Set<RolloutSummary['state']>(['running', 'paused', 'rolling-back'])

/** Changes that go through the fleet: what moves or waits for a person first, then what has ended. */
export function RolloutList({ rollouts }: { rollouts: RolloutSummary[] }) {
  const refresh = useRefresh(2_000)
  const connection = useLive({ rollout: refresh, back: refresh })
  const underWay = rollouts.filter(({ state }) => live.has(state)).toSorted((a, b) => urgency(a) - urgency(b))
  const ended = rollouts.filter(({ state }) => !live.has(state))
  return (
    <>
      <PageTitle
        title="Rollouts"
        hint="Changes that go through the fleet in waves, and stop by themselves when devices do not do well."
      >
        <LivePill connection={connection} />
        <Link href="/assign" className={buttonLook({ tone: 'primary' })}>
          Assign
        </Link>
      </PageTitle>
      {rollouts.length === 0 ? (
        <Empty icon={<Waves />} title="There was no rollout yet">
          <p>
            A workload that is made or changed goes to its devices as a rollout: a few first, the others when those do
            well.
          </p>
          <Link href="/assign" className={buttonLook({ tone: 'primary' })}>
            Assign
          </Link>
        </Empty>
      ) : (
        <div className="grid gap-8">
          {underWay.length > 0 && <Group title="Under way" rollouts={underWay} />}
          {ended.length > 0 && <Group title="Ended" rollouts={ended} />}
        </div>
      )}
    </>
  )
}

const urgency = ({ state }: RolloutSummary) => (state === 'paused' ? 0 : state === 'rolling-back' ? 1 : 2)

const Group = ({ title, rollouts }: { title: string; rollouts: RolloutSummary[] }) => (
  <Section title={title}>
    <Panel>
      <ul className="divide-y">
        {rollouts.map((one) => (
          <RolloutLine key={one.id} rollout={one} />
        ))}
      </ul>
    </Panel>
  </Section>
)

const RolloutLine = ({ rollout }: { rollout: RolloutSummary }) => {
  const { id, workloadId, workloadVersion, state, wave, waves, outcomes, actor, at, pause, waiting } = rollout
  return (
    <li className="relative grid gap-x-6 gap-y-2 px-5 py-4 hover:bg-raised/60 sm:grid-cols-[minmax(0,1fr)_8rem_minmax(0,1.4fr)]">
      <div className="min-w-0">
        <Link href={`/rollouts/${id}`} className="font-medium after:absolute after:inset-0 [overflow-wrap:anywhere]">
          {workloadId ? `${workloadId}, version ${workloadVersion}` : 'A build by name'}
        </Link>
        <p className="truncate text-[13px] text-muted">
          <Ago atMs={at} /> by {explainActor(actor).name}
        </p>
      </div>
      <div>
        <RolloutBadge state={state} />
        {live.has(state) && (
          <p className="tabular mt-1 text-[13px] text-muted">
            Wave {wave + 1} of {waves}
          </p>
        )}
      </div>
      <div className="grid min-w-0 content-start gap-1.5">
        <OutcomeBar outcomes={outcomes} className="mt-1.5" />
        <p className="tabular text-[13px] text-muted">{outcomeWords(outcomes)}</p>
        {state === 'paused' && pause && <p className="text-[13px] text-bad">{explainPause(pause)}</p>}
        {state !== 'paused' && waiting && (
          <p className="text-[13px]">
            {explainWaiting(waiting)}
            {waiting.deadline !== null && (
              <span className="text-muted">
                {' '}
                <Until atMs={waiting.deadline} />
              </span>
            )}
          </p>
        )}
      </div>
    </li>
  )
}
