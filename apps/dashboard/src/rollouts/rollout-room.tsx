'use client'

import type { Role } from '@tradewind/store'
import Link from 'next/link'
import { useRefresh } from '../fleet/use-fleet'
import { LivePill } from '../live/live-pill'
import { useLive } from '../live/use-live'
import { may } from '../people/permission'
import { Notice } from '../ui/notice'
import { PageTitle, Panel } from '../ui/section'
import { Ago, Exactly, Until } from '../ui/time'
import { explainActor } from '../words/explain-audit'
import { explainPause, explainWaiting, numberOf } from '../words/explain-rollout'
import { count, percent, span } from '../words/format'
import { devicesWords } from '../words/name-placement'
import { leastMsLeft, type MemberFilter } from './member-filter'
import { OutcomeBar, outcomeWords } from './member-look'
import { MemberTable } from './member-table'
import { RolloutBadge } from './rollout-badge'
import type { RolloutShown } from './shape-rollout'
import { Steering } from './steering'
import { WaveList } from './wave-list'

type Props = { rollout: RolloutShown; filter: MemberFilter; role: Role }

/** A change on its way through the fleet: what is so now, why, and what a person may do about it. */
export function RolloutRoom({ rollout, filter, role }: Props) {
  const refresh = useRefresh(rollout.members > 1000 ? 3_000 : 1_000)
  const connection = useLive({
    rollout: ({ rolloutId }) => rolloutId === rollout.id && refresh(),
    back: refresh,
  })
  const { workloadId, workloadVersion, actor, at, endedAt } = rollout
  return (
    <>
      <PageTitle
        title={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-2">
            Rollout of {workloadId ?? 'a build'}
            <RolloutBadge state={rollout.state} />
          </span>
        }
        hint={
          <>
            {workloadId && (
              <>
                <Link href={`/workloads?open=${workloadId}`} className="text-accent underline underline-offset-2">
                  {workloadId}
                </Link>
                , version {workloadVersion}.{' '}
              </>
            )}
            Begun <Ago atMs={at} /> by {explainActor(actor).name}
            {endedAt && (
              <>
                , ended <Ago atMs={endedAt} />
              </>
            )}
            .
          </>
        }
      >
        <LivePill connection={connection} />
        {may(role, 'steer-rollouts') && <Steering rollout={rollout} done={refresh} />}
      </PageTitle>
      <div className="grid gap-8">
        <Now rollout={rollout} />
        <WaveList rollout={rollout} />
        <MemberTable rollout={rollout} filter={filter} />
        <PlanFacts rollout={rollout} />
      </div>
    </>
  )
}

/** What it does, what it waits for and until when, or why it stands still. */
function Now({ rollout }: { rollout: RolloutShown }) {
  const { state, outcomes, members, waiting, pause, builds } = rollout
  const done = numberOf(outcomes, 'succeeded')
  const left = leastMsLeft(rollout)
  return (
    <section aria-label="Now" className="grid gap-4">
      {state === 'paused' && pause && (
        <Notice tone="bad" title={explainPause(pause)}>
          Nobody else is told. Resume to accept it, roll back, or abort. Paused <Ago atMs={pause.at} />.
        </Notice>
      )}
      <Panel className="grid gap-4 p-5">
        <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
          <p>
            <span className="tabular mr-1 text-3xl font-semibold tracking-tight">{count(done)}</span>{' '}
            <span className="text-muted">
              of {devicesWords(members)} {done === 1 ? 'has' : 'have'} succeeded
            </span>
          </p>
          <p className="text-[13px] text-muted">
            {builds.map(({ build, devices }) => `${build} on ${count(devices)}`).join(', ')}
          </p>
        </div>
        <OutcomeBar outcomes={outcomes} />
        <p className="tabular text-[13px] text-muted">{outcomeWords(outcomes)}</p>
        <div aria-live="polite">
          {waiting && waiting.code !== 'paused' && (
            <p title={waiting.code}>
              {explainWaiting(waiting)}{' '}
              {waiting.deadline !== null && (
                <span className="text-muted">
                  {deadlineWords[waiting.code] ?? 'At the latest'} <Until atMs={waiting.deadline} /> (
                  <Exactly atMs={waiting.deadline} />
                  ).
                </span>
              )}
            </p>
          )}
          {left !== null && (
            <p className="mt-1 text-[13px] text-muted">
              It needs {span(left)} more at least:{' '}
              {rollout.waves - rollout.wave === 1
                ? 'this wave'
                : `each of the ${rollout.waves - rollout.wave} waves that are left`}{' '}
              must serve well for {span(rollout.plan.gate.soakMs)}.
            </p>
          )}
        </div>
      </Panel>
    </section>
  )
}

const deadlineWords: Partial<Record<NonNullable<RolloutShown['waiting']>['code'], string>> = {
  soaking: 'The next wave begins',
  'window-closed': 'It opens',
  changing: 'Who has not changed has failed',
  'most-at-once': 'The first of them must be done',
}

function PlanFacts({ rollout: { plan, atOnce } }: { rollout: RolloutShown }) {
  const { gate, window } = plan
  const facts: [string, string][] = [
    ['Waves', plan.waves.map((one) => ('devices' in one ? count(one.devices) : percent(one.share))).join(', ')],
    ['At the same time', `at most ${devicesWords(atOnce)}`],
    ['A wave must succeed', percent(gate.successShare)],
    ['Pauses beyond', `${percent(gate.failureShare)} failures`],
    ['Least speed', `${percent(gate.speedShare)} of what each device reached before`],
    ['Smoke test', gate.smoke === 'passed' ? 'must pass' : 'must pass, or be flagged for want of a baseline'],
    ['Soak', span(gate.soakMs)],
    ['Deadline for a device', span(gate.deadlineMs)],
    ['Window', window ? `${window.from} to ${window.to}, ${window.days.join(', ')}, ${window.zone}` : 'at any time'],
  ]
  return (
    <section aria-label="How carefully">
      <h2 className="mb-3 text-[15px] font-semibold tracking-tight">How carefully</h2>
      <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-2 xl:grid-cols-3">
        {facts.map(([name, value]) => (
          <div key={name} className="flex items-baseline justify-between gap-4 border-b py-1.5">
            <dt className="text-muted">{name}</dt>
            <dd className="tabular text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
