import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import type { ComponentProps } from 'react'
import { classes } from './classes'

export const buttonLook = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium transition-colors disabled:opacity-55 disabled:cursor-not-allowed [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        primary: 'bg-accent text-on-accent hover:bg-accent-strong',
        plain: 'border border-line-strong bg-surface text-text shadow-card hover:bg-raised',
        quiet: 'text-muted hover:bg-raised hover:text-text',
        danger: 'border border-bad/40 bg-surface text-bad hover:bg-bad-soft',
        'danger-solid': 'bg-bad text-white hover:opacity-90 dark:text-page',
      },
      size: {
        normal: 'h-11 px-3.5 sm:h-9',
        small: 'h-11 px-3 sm:h-8 sm:px-2.5 text-[13px]',
        icon: 'size-11 sm:size-8',
      },
    },
    defaultVariants: { tone: 'plain', size: 'normal' },
  },
)

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonLook> & { pending?: boolean }

export function Button({ tone, size, pending = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classes(buttonLook({ tone, size }), className)}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      {...rest}
    >
      {pending && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  )
}
