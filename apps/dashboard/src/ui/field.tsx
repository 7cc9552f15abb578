import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'
import { classes } from './classes'

const inputLook =
  'h-11 w-full rounded-md border border-line-strong bg-surface px-3 text-base text-text shadow-card placeholder:text-faint disabled:cursor-not-allowed disabled:opacity-55 sm:h-9 sm:text-sm'

export const Input = ({ className, ...rest }: ComponentProps<'input'>) => (
  <input className={classes(inputLook, className)} {...rest} />
)

export const Select = ({ className, ...rest }: ComponentProps<'select'>) => (
  <select className={classes(inputLook, 'pr-8', className)} {...rest} />
)

type FieldProps = { label: string; hint?: ReactNode; children: (ids: { id: string; hintId?: string }) => ReactNode }

/** A label, the control it belongs to, and what to know before filling it in. */
export function Field({ label, hint, children }: FieldProps) {
  const id = useId()
  const hintId = hint ? `${id}-hint` : undefined
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, hintId })}
      {hint && (
        <p id={hintId} className="text-[13px] text-muted">
          {hint}
        </p>
      )}
    </div>
  )
}
