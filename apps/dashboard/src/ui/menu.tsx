'use client'

import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

type MenuProps = { trigger: ReactNode; label: string; children: ReactNode }

/** A list of choices that opens under a button. */
export const Menu = ({ trigger, label, children }: MenuProps) => (
  <DropdownMenu.Root>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        aria-label={label}
        align="end"
        sideOffset={4}
        collisionPadding={8}
        className="appears z-50 max-h-[min(28rem,var(--radix-dropdown-menu-content-available-height))] min-w-52 overflow-y-auto rounded-lg border bg-surface p-1.5 shadow-high"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
)

const itemLook =
  'flex h-11 cursor-pointer select-none items-center gap-2.5 rounded-md px-2.5 outline-none data-[disabled]:cursor-not-allowed data-[highlighted]:bg-raised data-[disabled]:opacity-55 sm:h-8'

export const MenuItem = ({ choose, children }: { choose: () => void; children: ReactNode }) => (
  <DropdownMenu.Item onSelect={choose} className={itemLook}>
    {children}
  </DropdownMenu.Item>
)

type CheckProps = { checked: boolean; change: (checked: boolean) => void; children: ReactNode }

/** Stays open, for several are ticked one after the other. */
export const MenuCheck = ({ checked, change, children }: CheckProps) => (
  <DropdownMenu.CheckboxItem
    checked={checked}
    onCheckedChange={change}
    onSelect={(event) => event.preventDefault()}
    className={itemLook}
  >
    <span className="grid size-4 place-items-center" aria-hidden>
      <DropdownMenu.ItemIndicator>
        <Check className="size-4 text-accent" />
      </DropdownMenu.ItemIndicator>
    </span>
    {children}
  </DropdownMenu.CheckboxItem>
)

export const MenuLine = () => <DropdownMenu.Separator className="my-1.5 h-px bg-line" />
