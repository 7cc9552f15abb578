'use client'

import { PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button'
import { type RailWidth, railCookie } from './rail-cookie'

const yearSeconds = 365 * 24 * 3600

/** Kept in a cookie and not in the store of the browser, so that the server draws the frame as it will stay. */
export function RailWidthButton({ known }: { known: RailWidth }) {
  const [width, setWidth] = useState(known)
  const other: RailWidth = width === 'wide' ? 'narrow' : 'wide'
  const change = () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${railCookie}=${other}; Path=/; Max-Age=${yearSeconds}; SameSite=Lax`
    document.querySelector<HTMLElement>('[data-rail]')?.setAttribute('data-rail', other)
    setWidth(other)
  }
  const words = width === 'wide' ? 'Show icons only' : 'Show the words'
  return (
    <Button tone="quiet" size="icon" onClick={change} aria-label={words} title={words} className="max-xl:hidden">
      {width === 'wide' ? <PanelLeftClose aria-hidden /> : <PanelLeftOpen aria-hidden />}
    </Button>
  )
}
