'use client'

import type { Role } from '@tradewind/store'
import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { buttonLook } from '../ui/button'
import { keyGroups } from './keys'

export const KeyList = ({ role, close }: { role: Role; close: () => void }) => (
  <Dialog.Root open onOpenChange={(open) => !open && close()}>
    <Dialog.Portal>
      <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40 dark:bg-black/60" />
      <Dialog.Content
        aria-describedby={undefined}
        className="appears fixed inset-x-4 top-[8vh] z-50 mx-auto max-h-[84vh] max-w-2xl overflow-y-auto rounded-xl border bg-surface p-5 shadow-high"
      >
        <div className="mb-4 flex items-center justify-between">
          <Dialog.Title className="text-base font-semibold">Keys</Dialog.Title>
          <Dialog.Close className={buttonLook({ tone: 'quiet', size: 'icon' })} aria-label="Close">
            <X aria-hidden />
          </Dialog.Close>
        </div>
        <div className="gap-8 sm:columns-2">
          {keyGroups(role).map(({ name, keys }) => (
            <section key={name} aria-label={name} className="mb-6 break-inside-avoid">
              <h3 className="mb-2 text-[13px] font-medium text-muted">{name}</h3>
              <dl className="grid gap-1">
                {keys.map((one) => (
                  <div key={one.does} className="flex min-h-8 items-center justify-between gap-4">
                    <dt>{one.does}</dt>
                    <dd className="flex shrink-0 gap-1">
                      {one.keys.map((key) => (
                        <Key key={key}>{key}</Key>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </Dialog.Content>
    </Dialog.Portal>
  </Dialog.Root>
)

export const Key = ({ children }: { children: string }) => (
  <kbd className="grid h-5 min-w-5 place-items-center rounded border bg-raised px-1 font-mono text-xs text-muted">
    {children}
  </kbd>
)
