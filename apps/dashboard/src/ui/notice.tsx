import type { Problem } from '@tradewind/protocol'
import { CircleX, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes'

const looks = {
  attention: { box: 'border-attention/30 bg-attention-soft', ink: 'text-attention', Icon: TriangleAlert },
  bad: { box: 'border-bad/30 bg-bad-soft', ink: 'text-bad', Icon: CircleX },
  neutral: { box: 'border-line bg-raised', ink: 'text-muted', Icon: Info },
}

type NoticeProps = {
  tone: keyof typeof looks
  title: ReactNode
  actions?: ReactNode
  className?: string
  children?: ReactNode
}

export function Notice({ tone, title, actions, className, children }: NoticeProps) {
  const { box, ink, Icon } = looks[tone]
  return (
    <div className={classes('flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg border px-4 py-3', box, className)}>
      <Icon className={classes('mt-0.5 size-4 shrink-0', ink)} aria-hidden />
      <div className="min-w-0 flex-1">
        <p className={classes('font-medium', ink)}>{title}</p>
        {children && <div className="mt-0.5 text-text">{children}</div>}
      </div>
      {actions}
    </div>
  )
}

/** Why an action failed and what to do next, read out when it appears. */
export const ProblemNotice = ({ problem, className }: { problem: Problem | null; className?: string }) => (
  <div role="alert" className={problem ? className : 'sr-only'}>
    {problem && (
      <Notice tone="bad" title={problem.message}>
        {problem.next} <code className="font-mono text-xs text-muted">{problem.code}</code>
      </Notice>
    )}
  </div>
)
