import type { Role } from '@tradewind/store'
import { roomsFor } from './rooms'

/** What the keyboard does, as `?` shows it. */
export const keyGroups = (role: Role): { name: string; keys: { keys: string[]; does: string }[] }[] => [
  {
    name: 'Everywhere',
    keys: [
      { keys: ['Ctrl', 'K'], does: 'Find a device, a page or an action' },
      { keys: ['/'], does: 'Search this page' },
      { keys: ['?'], does: 'Show these keys' },
      { keys: ['Esc'], does: 'Close what is open' },
    ],
  },
  {
    name: 'In the list of devices',
    keys: [
      { keys: ['j'], does: 'Next device' },
      { keys: ['k'], does: 'Device before' },
      { keys: ['Enter'], does: 'Open it' },
      { keys: ['x'], does: 'Select it' },
      { keys: ['Shift', 'click'], does: 'Select all up to here' },
    ],
  },
  { name: 'Go to', keys: roomsFor(role).map(({ key, name }) => ({ keys: ['g', key], does: name })) },
]

export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'> & { typing: boolean }
export type KeyDeed = { kind: 'palette' | 'keys' | 'search' } | { kind: 'go'; href: string } | null

/** How long after g the next key still belongs to it, in milliseconds. */
const jumpMs = 1_500

/** What keys mean to the frame. It remembers a g; a key that it does not know is left to the page. */
export function keyReader(role: Role) {
  const hrefs = new Map(roomsFor(role).map(({ key, href }) => [key, href]))
  let jumpUntilMs = 0
  return ({ key, ctrlKey, metaKey, altKey, typing }: KeyPress, nowMs: number): KeyDeed => {
    if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k') return { kind: 'palette' }
    if (typing || ctrlKey || metaKey || altKey) return null
    const href = nowMs < jumpUntilMs ? hrefs.get(key) : undefined
    jumpUntilMs = key === 'g' ? nowMs + jumpMs : 0
    if (href) return { kind: 'go', href }
    if (key === '?') return { kind: 'keys' }
    return key === '/' ? { kind: 'search' } : null
  }
}
