'use client'

import { AlertDialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { useDeed } from '../live/use-deed'
import { Button, buttonLook } from './button'
import { ProblemNotice } from './notice'

type ConfirmProps = {
  trigger: ReactNode
  title: string
  /** What happens when it is done, in numbers where there are any. */
  consequence: ReactNode
  verb: string
  danger?: boolean
  run: () => Promise<unknown>
  done?: () => void
}

/** Asks before something that cannot be undone; stays open and says why when it fails. */
export function Confirm({ trigger, title, consequence, verb, danger = false, run, done }: ConfirmProps) {
  const [open, setOpen] = useState(false)
  const { pending, problem, start, forget } = useDeed(run, () => {
    setOpen(false)
    done?.()
  })
  const change = (next: boolean) => {
    if (pending) return
    forget()
    setOpen(next)
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={change}>
      <AlertDialog.Trigger asChild>{trigger}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-black/40 dark:bg-black/60" />
        <AlertDialog.Content className="appears fixed inset-x-4 bottom-4 z-50 mx-auto grid max-w-md gap-4 rounded-xl border bg-surface p-5 shadow-high sm:bottom-auto sm:top-[22vh]">
          <AlertDialog.Title className="text-base font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="text-muted [overflow-wrap:anywhere]">{consequence}</div>
          </AlertDialog.Description>
          <ProblemNotice problem={problem} />
          <div className="flex justify-end gap-2">
            <AlertDialog.Cancel className={buttonLook({ tone: 'plain' })} disabled={pending}>
              Cancel
            </AlertDialog.Cancel>
            <Button tone={danger ? 'danger-solid' : 'primary'} pending={pending} onClick={() => start()}>
              {verb}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
