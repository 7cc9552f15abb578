import type { ReactNode } from 'react'
import { classes } from './classes'

type TitleProps = { title: ReactNode; hint?: ReactNode; children?: ReactNode }

/** The row every page starts with: what it is, and the one primary action. */
export const PageTitle = ({ title, hint, children }: TitleProps) => (
  <div className="mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-4">
    <div className="min-w-0">
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      {hint && <p className="mt-1 max-w-3xl text-pretty text-muted">{hint}</p>}
    </div>
    {children && <div className="flex flex-wrap items-center gap-2">{children}</div>}
  </div>
)

type SectionProps = { title: string; hint?: ReactNode; actions?: ReactNode; className?: string; children: ReactNode }

export function Section({ title, hint, actions, className, children }: SectionProps) {
  return (
    <section aria-label={title} className={classes('min-w-0', className)}>
      <div className="mb-3 flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="text-[15px] font-semibold tracking-tight">{title}</h2>
          {hint && <p className="mt-0.5 text-[13px] text-muted">{hint}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  )
}

export const Panel = ({ className, children }: { className?: string; children: ReactNode }) => (
  <div className={classes('rounded-lg border bg-surface shadow-card', className)}>{children}</div>
)

type EmptyProps = { icon: ReactNode; title: string; children: ReactNode }

/** What would be here, and the one thing to do about it. */
export const Empty = ({ icon, title, children }: EmptyProps) => (
  <Panel className="grid justify-items-center gap-3 px-6 py-14 text-center">
    <span
      className="grid size-11 place-items-center rounded-full bg-accent-soft text-accent [&_svg]:size-5"
      aria-hidden
    >
      {icon}
    </span>
    <h2 className="text-base font-semibold">{title}</h2>
    <div className="grid w-full max-w-lg justify-items-center gap-4 text-muted">{children}</div>
  </Panel>
)
