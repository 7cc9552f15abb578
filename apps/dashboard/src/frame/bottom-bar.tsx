'use client'

import type { Role } from '@tradewind/store'
import { Ellipsis } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { type ReactNode, useEffect, useState } from 'react'
import { classes } from '../ui/classes'
import { firstRooms, isHere, type Room, roomsFor } from './rooms'
import { useWaiting } from './waiting'

const cellLook = 'grid h-14 w-full content-center justify-items-center gap-1 text-xs font-medium'

/** The rooms within reach of a thumb, and the way to the others. */
export function BottomBar({ role, foot }: { role: Role; foot: ReactNode }) {
  const path = usePathname()
  const first = firstRooms(role)
  const others = roomsFor(role).filter((room) => !first.includes(room))
  return (
    <ul className="grid auto-cols-fr grid-flow-col">
      {first.map((room) => (
        <li key={room.href}>
          <Cell room={room} here={isHere(path, room)} />
        </li>
      ))}
      <li>
        <More rooms={others} path={path} foot={foot} />
      </li>
    </ul>
  )
}

function Cell({ room, here }: { room: Room; here: boolean }) {
  const waiting = useWaiting(room)
  return (
    <Link
      href={room.href}
      aria-current={here ? 'page' : undefined}
      className={classes(cellLook, here ? 'text-accent-strong' : 'text-muted')}
    >
      <span className="relative">
        <room.Icon className="size-5" aria-hidden />
        {waiting && (
          <span
            aria-hidden
            className="tabular absolute -right-4 -top-1.5 min-w-4 rounded-full bg-raised px-1 text-center text-[11px] leading-4 text-muted ring-1 ring-line"
          >
            {waiting.short}
          </span>
        )}
      </span>
      {room.name}
      {waiting && <span className="sr-only">, {waiting.words}</span>}
    </Link>
  )
}

function More({ rooms, path, foot }: { rooms: Room[]; path: string; foot: ReactNode }) {
  const [open, setOpen] = useState(false)
  const here = rooms.some((room) => isHere(path, room))
  useEffect(() => setOpen(false), [path])
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className={classes(cellLook, here ? 'text-accent-strong' : 'text-muted')}>
        <Ellipsis className="size-5" aria-hidden />
        More
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40 dark:bg-black/60" />
        <Dialog.Content
          aria-describedby={undefined}
          className="appears fixed inset-x-0 bottom-0 z-50 grid gap-4 rounded-t-xl border-t bg-surface px-4 pb-[calc(1rem+env(safe-area-inset-bottom))] pt-4 shadow-high"
        >
          <Dialog.Title className="text-base font-semibold">More</Dialog.Title>
          <ul className="grid grid-cols-2 gap-1">
            {rooms.map((room) => (
              <li key={room.href}>
                <MoreLink room={room} here={isHere(path, room)} />
              </li>
            ))}
          </ul>
          {foot}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function MoreLink({ room, here }: { room: Room; here: boolean }) {
  const waiting = useWaiting(room)
  return (
    <Link
      href={room.href}
      aria-current={here ? 'page' : undefined}
      className={classes(
        'flex h-12 items-center gap-3 rounded-md px-3 font-medium',
        here ? 'bg-accent-soft text-accent-strong' : 'text-text hover:bg-raised',
      )}
    >
      <room.Icon className="size-5 shrink-0 text-muted" aria-hidden />
      <span className="truncate">{room.name}</span>
      {waiting && (
        <span className="tabular ml-auto rounded-full bg-raised px-1.5 text-xs text-muted ring-1 ring-line">
          <span aria-hidden>{waiting.short}</span>
          <span className="sr-only">, {waiting.words}</span>
        </span>
      )}
    </Link>
  )
}
