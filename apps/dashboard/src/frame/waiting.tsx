'use client'

import type { Waiting } from '@tradewind/store'
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { call } from '../live/call'
import { useLive } from '../live/use-live'
import { count } from '../words/format'
import type { Room } from './rooms'

const Known = createContext<Waiting>({ problems: 0, proposals: 0, rollouts: 0 })

/** News come in crowds; and the page of one device hears of its own problems only. In milliseconds. */
const pauseMs = 2_000
const longestMs = 60_000

/** What waits for people, known to the whole frame and kept up to date. */
export function WaitingProvider({ known, children }: { known: Waiting; children: ReactNode }) {
  const [waiting, setWaiting] = useState(known)
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined)
  const read = () => {
    pause.current = undefined
    call<Waiting>('GET', '/api/v1/waiting').then(setWaiting, () => undefined)
  }
  const soon = () => {
    pause.current ??= setTimeout(read, pauseMs)
  }
  useLive({ problems: soon, proposals: soon, rollout: soon, back: soon })
  useEffect(() => setWaiting(known), [known])
  useEffect(() => {
    const again = setInterval(() => !document.hidden && read(), longestMs)
    return () => {
      clearInterval(again)
      clearTimeout(pause.current)
      pause.current = undefined
    }
  }, [])
  return <Known value={waiting}>{children}</Known>
}

/** How much waits in a room, in words and in at most three signs; null: nothing. */
export function useWaiting({ waits }: Room): { short: string; words: string } | null {
  const waiting = useContext(Known)
  if (!waits || waiting[waits.what] === 0) return null
  const number = waiting[waits.what]
  return { short: number > 999 ? '1k+' : String(number), words: waits.say(count(number)) }
}
