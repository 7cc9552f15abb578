import { cva, type VariantProps } from 'class-variance-authority'
import type { ReactNode } from 'react'

const look = cva(
  'inline-flex h-6 items-center gap-1.5 whitespace-nowrap rounded-md px-2 text-xs font-medium [&_svg]:size-3.5 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        good: 'bg-good-soft text-good',
        attention: 'bg-attention-soft text-attention',
        bad: 'bg-bad-soft text-bad',
        neutral: 'bg-raised text-muted',
        unknown: 'hatched bg-unknown-soft text-unknown',
      },
    },
  },
)
export type BadgeTone = NonNullable<VariantProps<typeof look>['tone']>

type BadgeProps = { tone: BadgeTone; icon?: ReactNode; title?: string; children: ReactNode }

export const Badge = ({ tone, icon, title, children }: BadgeProps) => (
  <span className={look({ tone })} title={title}>
    {icon}
    {children}
  </span>
)
