'use client'

import type { Role } from '@tradewind/store'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { classes } from '../ui/classes'
import { isHere, type Room, roomGroups } from './rooms'
import { useWaiting } from './waiting'

/** The rooms of the house, at the left of a wide screen: icons, and words where there is room for them. */
export function Rail({ role }: { role: Role }) {
  const path = usePathname()
  return (
    <div className="grid gap-3">
      {roomGroups(role).map((rooms) => (
        <ul key={rooms[0]?.href} className="grid gap-0.5 border-t pt-3 first:border-0 first:pt-0">
          {rooms.map((room) => (
            <li key={room.href}>
              <RoomLink room={room} here={isHere(path, room)} />
            </li>
          ))}
        </ul>
      ))}
    </div>
  )
}

function RoomLink({ room, here }: { room: Room; here: boolean }) {
  const { href, name, key, Icon } = room
  const waiting = useWaiting(room)
  return (
    <Link
      href={href}
      title={waiting ? `${name}: ${waiting.words}` : name}
      aria-current={here ? 'page' : undefined}
      aria-keyshortcuts={`g ${key}`}
      className={classes(
        'relative flex h-9 items-center justify-center gap-3 rounded-md px-2.5 font-medium transition-colors wide:justify-start',
        here ? 'bg-accent-soft text-accent-strong' : 'text-muted hover:bg-raised hover:text-text',
      )}
    >
      <Icon className="size-4 shrink-0" aria-hidden />
      <span className="sr-only wide:not-sr-only">{name}</span>
      {waiting && (
        <>
          <span className="sr-only">, {waiting.words}</span>
          <span aria-hidden className="absolute right-1.5 top-1.5 size-1.5 rounded-full bg-faint wide:hidden" />
          <span
            aria-hidden
            className="tabular ml-auto hidden rounded-full bg-raised px-1.5 text-xs leading-5 text-muted ring-1 ring-line wide:inline"
          >
            {waiting.short}
          </span>
        </>
      )}
    </Link>
  )
}
