'use client'

import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { buttonLook } from './button'

type DialogProps = {
  open: boolean
  change: (open: boolean) => void
  title: string
  hint?: ReactNode
  children: ReactNode
}

/** Something to fill in before it is done. For a yes or no there is `Confirm`. */
export const Dialog = ({ open, change, title, hint, children }: DialogProps) => (
  <Radix.Root open={open} onOpenChange={change}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 bg-black/40 dark:bg-black/60" />
      <Radix.Content
        {...(hint ? {} : { 'aria-describedby': undefined })}
        className="appears fixed inset-x-4 bottom-4 z-50 mx-auto grid max-h-[88dvh] max-w-md gap-4 overflow-y-auto rounded-xl border bg-surface p-5 shadow-high sm:bottom-auto sm:top-[18vh]"
      >
        <div className="flex items-start justify-between gap-4">
          <div className="min-w-0">
            <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
            {hint && (
              <Radix.Description asChild>
                <div className="mt-1 text-muted">{hint}</div>
              </Radix.Description>
            )}
          </div>
          <Radix.Close className={buttonLook({ tone: 'quiet', size: 'icon' })} aria-label="Close">
            <X aria-hidden />
          </Radix.Close>
        </div>
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)
