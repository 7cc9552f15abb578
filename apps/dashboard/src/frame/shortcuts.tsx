'use client'

import type { Role } from '@tradewind/store'
import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { isTyping } from '../fleet/is-typing'
import { Button } from '../ui/button'
import { Key } from './key-list'
import { keyReader } from './keys'

/** Read when it is first opened: most pages never need it. */
const Palette = dynamic(() => import('./palette').then((module) => module.Palette), { ssr: false })
const KeyList = dynamic(() => import('./key-list').then((module) => module.KeyList), { ssr: false })

const OpenPalette = createContext<() => void>(() => undefined)

/** The keys that work on every page, and what they open. */
export function Shortcuts({ role, children }: { role: Role; children: ReactNode }) {
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const router = useRouter()
  useEffect(() => {
    const read = keyReader(role)
    const press = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey } = event
      const deed = read({ key, ctrlKey, metaKey, altKey, typing: isTyping(event) }, Date.now())
      if (!deed) return
      event.preventDefault()
      if (deed.kind === 'go') router.push(deed.href)
      else if (deed.kind === 'search') focusSearch() || setOpen('palette')
      else setOpen(deed.kind)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [role, router])
  return (
    <OpenPalette value={() => setOpen('palette')}>
      {children}
      {open === 'palette' && <Palette role={role} close={() => setOpen(null)} showKeys={() => setOpen('keys')} />}
      {open === 'keys' && <KeyList role={role} close={() => setOpen(null)} />}
    </OpenPalette>
  )
}

/** Of the page, where it has a search of its own: it says so by `aria-keyshortcuts`. */
function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>('main input[aria-keyshortcuts="/"]')
  search?.select()
  return search !== null
}

const findWords = 'Find a device, a page or an action'

/** The way to the palette for those who do not know its keys. */
export function FindButton() {
  const open = useContext(OpenPalette)
  return (
    <button
      type="button"
      onClick={open}
      title={findWords}
      aria-keyshortcuts="Control+K Meta+K"
      className="flex h-9 w-full items-center justify-center gap-3 rounded-md border bg-page px-2.5 text-muted hover:border-line-strong hover:text-text wide:justify-start"
    >
      <Search className="size-4 shrink-0" aria-hidden />
      <span className="sr-only wide:not-sr-only">Find</span>
      <span className="ml-auto hidden gap-1 wide:flex" aria-hidden>
        <Key>Ctrl</Key>
        <Key>K</Key>
      </span>
    </button>
  )
}

/** The same as a sign alone, for the head of a phone's page. */
export const FindSign = () => (
  <Button tone="quiet" size="icon" onClick={useContext(OpenPalette)} aria-label={findWords} title={findWords}>
    <Search aria-hidden />
  </Button>
)
