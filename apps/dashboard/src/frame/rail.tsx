'use client'

import { CirclePlus, MonitorSmartphone, ScrollText, Settings } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { classes } from '../ui/classes'

const rooms = [
  { href: '/devices', name: 'Devices', short: 'Devices', Icon: MonitorSmartphone },
  { href: '/add', name: 'Add a device', short: 'Add', Icon: CirclePlus },
  { href: '/audit', name: 'Audit', short: 'Audit', Icon: ScrollText },
  { href: '/settings', name: 'Settings', short: 'Settings', Icon: Settings },
]

const isHere = (path: string, href: string) => path === href || path.startsWith(`${href}/`)

/** The rooms of the house, at the left of a wide screen. */
export function Rail() {
  const path = usePathname()
  return (
    <ul className="grid gap-0.5">
      {rooms.map(({ href, name, Icon }) => (
        <li key={href}>
          <Link
            href={href}
            title={name}
            aria-current={isHere(path, href) ? 'page' : undefined}
            className={classes(
              'flex h-9 items-center gap-3 rounded-md px-2.5 font-medium transition-colors max-xl:justify-center',
              isHere(path, href) ? 'bg-accent-soft text-accent-strong' : 'text-muted hover:bg-raised hover:text-text',
            )}
          >
            <Icon className="size-4 shrink-0" aria-hidden />
            <span className="max-xl:sr-only">{name}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** The same rooms within reach of a thumb. */
export function BottomBar() {
  const path = usePathname()
  return (
    <ul className="grid grid-cols-4">
      {rooms.map(({ href, short, Icon }) => (
        <li key={href}>
          <Link
            href={href}
            aria-current={isHere(path, href) ? 'page' : undefined}
            className={classes(
              'grid h-14 content-center justify-items-center gap-1 text-xs font-medium',
              isHere(path, href) ? 'text-accent-strong' : 'text-muted',
            )}
          >
            <Icon className="size-5" aria-hidden />
            {short}
          </Link>
        </li>
      ))}
    </ul>
  )
}
