import type { MemberOutcome } from '@tradewind/protocol'
import { Check, Clock, LoaderCircle, LogOut, Unplug, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge, type BadgeTone } from '../ui/badge'
import { classes } from '../ui/classes'
import { memberMeanings, memberNames } from '../words/explain-rollout'
import { count } from '../words/format'

const badges: Record<MemberOutcome, { tone: BadgeTone; icon: ReactNode }> = {
  succeeded: { tone: 'good', icon: <Check aria-hidden /> },
  changing: { tone: 'attention', icon: <LoaderCircle aria-hidden /> },
  failed: { tone: 'bad', icon: <X aria-hidden /> },
  absent: { tone: 'unknown', icon: <Unplug aria-hidden /> },
  waiting: { tone: 'neutral', icon: <Clock aria-hidden /> },
  left: { tone: 'neutral', icon: <LogOut aria-hidden /> },
}

export const MemberBadge = ({ outcome }: { outcome: MemberOutcome }) => (
  <Badge {...badges[outcome]} title={memberMeanings[outcome]}>
    {memberNames[outcome]}
  </Badge>
)

/** Colours come with a form: what failed is crossed, what is away hatched, what waits hollow, what changes framed. */
export const dotLooks: Record<MemberOutcome, string> = {
  succeeded: 'bg-good',
  changing: 'border-[3px] border-attention bg-attention-soft',
  failed:
    'bg-bad [clip-path:polygon(20%_0,50%_30%,80%_0,100%_20%,70%_50%,100%_80%,80%_100%,50%_70%,20%_100%,0_80%,30%_50%,0_20%)]',
  absent: 'hatched border border-unknown',
  waiting: 'border border-line-strong',
  left: 'border border-dashed border-line',
}

const inOrder: MemberOutcome[] = ['succeeded', 'failed', 'changing', 'absent', 'waiting']
const barLooks: Record<MemberOutcome, string> = {
  ...dotLooks,
  changing: 'bg-[repeating-linear-gradient(135deg,var(--attention)_0_4px,var(--attention-soft)_4px_8px)]',
  failed: 'bg-bad',
  absent: 'hatched',
  waiting: '',
  left: '',
}

type Outcomes = Partial<Record<MemberOutcome, number>>

/** How far a change is, as shares of one bar; what waits is what is left of it. */
export function OutcomeBar({ outcomes, className }: { outcomes: Outcomes; className?: string }) {
  const all = inOrder.reduce((sum, one) => sum + (outcomes[one] ?? 0), 0)
  return (
    <div
      role="img"
      aria-label={outcomeWords(outcomes) || 'no members'}
      className={classes('flex h-2 w-full overflow-hidden rounded-full bg-raised', className)}
    >
      {inOrder.map((one) => (
        <span
          key={one}
          className={classes('h-full transition-[width] duration-500', barLooks[one])}
          style={{ width: all === 0 ? 0 : `${((outcomes[one] ?? 0) / all) * 100}%` }}
        />
      ))}
    </div>
  )
}

/** `8 succeeded, 1 failed, 31 waiting` */
export const outcomeWords = (outcomes: Outcomes) =>
  [...inOrder, 'left' as const]
    .filter((one) => (outcomes[one] ?? 0) > 0)
    .map((one) => `${count(outcomes[one] ?? 0)} ${memberNames[one].toLowerCase()}`)
    .join(', ')
