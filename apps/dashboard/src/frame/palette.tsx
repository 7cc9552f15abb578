'use client'

import type { DevicePage, DeviceRow, Role } from '@tradewind/store'
import { Command } from 'cmdk'
import { Download, Keyboard, LogOut, type LucideIcon, Moon, Search, Split, Sun } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { Dialog } from 'radix-ui'
import { type ReactNode, useEffect, useState } from 'react'
import { presenceOf } from '../fleet/filters'
import { call } from '../live/call'
import { may } from '../people/permission'
import { PresenceDot } from '../ui/state'
import { presenceNames } from '../words/name-state'
import { Key } from './key-list'
import { roomsFor } from './rooms'
import { leave } from './sign-out'

type Props = { role: Role; close: () => void; showKeys: () => void }

/** Finds devices by the API, pages and actions by their words; only what the person may do. */
export function Palette({ role, close, showKeys }: Props) {
  const [text, setText] = useState('')
  const router = useRouter()
  const { devices, asking } = useDevices(text)
  const found = entriesFor(role, useActions(role, showKeys)).filter((entry) => isFound(entry, text))
  const choose = (run: () => void) => () => {
    close()
    run()
  }
  const go = (href: string) => choose(() => router.push(href))
  const pages = found.filter((entry) => 'href' in entry)
  const actions = found.filter((entry) => 'run' in entry)
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40 dark:bg-black/60" />
        <Dialog.Content
          aria-describedby={undefined}
          className="appears fixed inset-x-4 top-4 z-50 mx-auto max-w-xl overflow-hidden rounded-xl border bg-surface shadow-high sm:top-[14vh]"
        >
          <Dialog.Title className="sr-only">Find devices, pages and actions</Dialog.Title>
          <Command label="Find devices, pages and actions" shouldFilter={false} loop>
            <div className="flex items-center gap-3 border-b px-4">
              <Search className="size-4 shrink-0 text-faint" aria-hidden />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="Find a device, a page or an action"
                className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint sm:text-sm"
              />
              <Key>Esc</Key>
            </div>
            <Command.List className="h-96 max-h-[60vh] overflow-y-auto overscroll-contain p-2">
              <Command.Empty className="px-3 py-10 text-center text-muted">
                {asking ? 'Looking…' : `Nothing is called “${text.trim()}”.`}
              </Command.Empty>
              {devices.length > 0 && (
                <Group name="Devices">
                  {devices.map((device) => (
                    <Entry key={device.id} value={device.id} choose={go(`/devices/${device.id}`)}>
                      <DeviceEntry device={device} />
                    </Entry>
                  ))}
                </Group>
              )}
              {pages.length > 0 && (
                <Group name="Pages">
                  {pages.map(({ href, name, Icon, key }) => (
                    <Entry key={href} value={href} choose={go(href)}>
                      <Icon className="size-4 shrink-0 text-muted" aria-hidden />
                      {name}
                      <span className="ml-auto flex gap-1 max-sm:hidden">
                        <Key>g</Key>
                        <Key>{key}</Key>
                      </span>
                    </Entry>
                  ))}
                </Group>
              )}
              {actions.length > 0 && (
                <Group name="Actions">
                  {actions.map(({ name, Icon, run }) => (
                    <Entry key={name} value={name} choose={choose(run)}>
                      <Icon className="size-4 shrink-0 text-muted" aria-hidden />
                      {name}
                    </Entry>
                  ))}
                </Group>
              )}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const Group = ({ name, children }: { name: string; children: ReactNode }) => (
  <Command.Group
    heading={name}
    className="mb-1 [&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-muted"
  >
    {children}
  </Command.Group>
)

const Entry = ({ value, choose, children }: { value: string; choose: () => void; children: ReactNode }) => (
  <Command.Item
    value={value}
    onSelect={choose}
    className="flex h-11 cursor-pointer select-none items-center gap-3 rounded-md px-3 data-[selected=true]:bg-raised sm:h-9"
  >
    {children}
  </Command.Item>
)

const DeviceEntry = ({ device }: { device: DeviceRow }) => (
  <>
    <PresenceDot state={presenceOf(device)} />
    <span className="truncate font-medium">{device.name}</span>
    <span className="ml-auto truncate pl-4 text-xs text-muted">
      {[presenceNames[presenceOf(device)], device.board].filter(Boolean).join(' · ')}
    </span>
  </>
)

type Page = { href: string; name: string; also: string; Icon: LucideIcon; key: string }
type Action = { name: string; also: string; Icon: LucideIcon; run: () => void }

function useActions(role: Role, showKeys: () => void): Action[] {
  const { resolvedTheme, setTheme } = useTheme()
  const router = useRouter()
  const isDark = resolvedTheme === 'dark'
  return [
    ...(may(role, 'assign')
      ? [
          {
            ...{ name: 'Assign a model', also: 'new assignment workload rollout', Icon: Split },
            run: () => router.push('/assign'),
          },
        ]
      : []),
    {
      ...{ name: 'Export all devices as CSV', also: 'download table', Icon: Download },
      run: () => window.location.assign('/api/v1/devices.csv'),
    },
    {
      ...{ name: isDark ? 'Use the light theme' : 'Use the dark theme', also: 'mode', Icon: isDark ? Sun : Moon },
      run: () => setTheme(isDark ? 'light' : 'dark'),
    },
    { name: 'Show the keys', also: 'keyboard shortcuts help', Icon: Keyboard, run: showKeys },
    {
      ...{ name: 'Sign out', also: 'log out leave', Icon: LogOut },
      run: () => void call('POST', '/api/auth/sign-out', {}).then(leave, leave),
    },
  ]
}

const entriesFor = (role: Role, actions: Action[]): (Page | Action)[] => [...roomsFor(role), ...actions]

/** Every word that is typed must begin a word of the entry. */
function isFound({ name, also }: { name: string; also: string }, text: string): boolean {
  const words = `${name} ${also}`.toLowerCase().split(' ')
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((typed) => words.some((word) => word.startsWith(typed)))
}

/** A pause in typing after which the API is asked, in milliseconds; and how many devices are shown. */
const pauseMs = 120
const mostDevices = 8

function useDevices(text: string): { devices: DeviceRow[]; asking: boolean } {
  const wanted = text.trim()
  const [found, setFound] = useState<{ text: string; devices: DeviceRow[] }>({ text: '', devices: [] })
  useEffect(() => {
    if (wanted === '') return setFound({ text: '', devices: [] })
    let isCurrent = true
    const query = new URLSearchParams({ q: wanted, limit: String(mostDevices), sort: 'name' })
    const keep = ({ devices }: Pick<DevicePage, 'devices'>) => isCurrent && setFound({ text: wanted, devices })
    const pause = setTimeout(
      () => call<DevicePage>('GET', `/api/v1/devices?${query}`).then(keep, () => keep({ devices: [] })),
      pauseMs,
    )
    return () => {
      isCurrent = false
      clearTimeout(pause)
    }
  }, [wanted])
  return { devices: wanted === '' ? [] : found.devices, asking: found.text !== wanted }
}
