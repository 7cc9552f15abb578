import type { MemberOutcome, memberOutcomes, RolloutSummary } from '@tradewind/protocol'
import { Pause, Play, Undo2 } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Badge, type BadgeTone } from '../ui/badge'
import { classes } from '../ui/classes'
import { Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { count } from '../words/format'

const states: Record<'running' | 'paused' | 'rolling-back', { tone: BadgeTone; icon: ReactNode; name: string }> = {
  running: { tone: 'neutral', icon: <Play aria-hidden />, name: 'Running' },
  paused: { tone: 'attention', icon: <Pause aria-hidden />, name: 'Paused' },
  'rolling-back': { tone: 'attention', icon: <Undo2 aria-hidden />, name: 'Rolling back' },
}

const parts: Record<MemberOutcome, { name: string; look: string }> = {
  succeeded: { name: 'done', look: 'bg-good' },
  changing: { name: 'changing', look: 'bg-accent' },
  failed: { name: 'failed', look: 'bg-bad' },
  absent: { name: 'away', look: 'bg-unknown' },
  left: { name: 'left', look: 'bg-line-strong' },
  waiting: { name: 'waiting', look: 'bg-transparent' },
}
const inOrder = [
  'succeeded',
  'changing',
  'failed',
  'absent',
  'left',
  'waiting',
] as const satisfies (typeof memberOutcomes)[number][]

/** Changes that go through the fleet now, with how far each is. */
export const LiveRollouts = ({ rollouts }: { rollouts: RolloutSummary[] }) => (
  <Section title="Rollouts under way">
    <Panel>
      <ul className="divide-y">
        {rollouts.map((rollout) => (
          <RolloutItem key={rollout.id} rollout={rollout} />
        ))}
      </ul>
    </Panel>
  </Section>
)

function RolloutItem({
  rollout: { id, workloadId, state, wave, waves, members, outcomes, at },
}: {
  rollout: RolloutSummary
}) {
  const look = states[state as keyof typeof states]
  const shown = inOrder.filter((outcome) => outcomes[outcome])
  return (
    <li className="relative grid gap-2 px-4 py-3 hover:bg-raised/60">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          href={`/rollouts/${id}`}
          prefetch={false}
          className="min-w-0 truncate font-medium after:absolute after:inset-0"
        >
          {workloadId ?? 'One build'} to {count(members)} {members === 1 ? 'device' : 'devices'}
        </Link>
        {look && (
          <Badge tone={look.tone} icon={look.icon}>
            {look.name}
          </Badge>
        )}
        <span className="tabular ml-auto text-[13px] text-muted">
          Wave {Math.min(wave + 1, waves)} of {waves} · begun <Ago atMs={at} />
        </span>
      </div>
      <div className="flex h-1.5 gap-px overflow-hidden rounded-full bg-raised" aria-hidden>
        {shown.map((outcome) => (
          <span
            key={outcome}
            className={classes('h-full', parts[outcome].look)}
            style={{ width: `${((outcomes[outcome] ?? 0) / members) * 100}%` }}
          />
        ))}
      </div>
      <p className="tabular text-[13px] text-muted">
        {shown.map((outcome) => `${count(outcomes[outcome] ?? 0)} ${parts[outcome].name}`).join(' · ')}
      </p>
    </li>
  )
}
