'use client'

import { useSyncExternalStore } from 'react'
import { ago, exactly, span, until } from '../words/format'

let now = Date.now()
const watchers = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined

/** One clock for the whole page: every age on it moves at once, and it stands still while nothing shows it. */
function watch(watcher: () => void) {
  watchers.add(watcher)
  ticking ??= setInterval(tick, 1000)
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(ticking)
    ticking = undefined
  }
}

function tick() {
  now = Date.now()
  for (const watcher of watchers) watcher()
}

/** The present in milliseconds, once a second. */
export const useNow = () =>
  useSyncExternalStore(
    watch,
    () => now,
    () => (typeof window === 'undefined' ? Date.now() : now),
  )

type TimeProps = { atMs: number; className?: string }

export function Ago({ atMs, className }: TimeProps) {
  const nowMs = useNow()
  return <Moment atMs={atMs} className={className} words={ago(atMs, nowMs)} />
}

/** For how long something has been so. */
export function For({ sinceMs, className }: { sinceMs: number; className?: string }) {
  const nowMs = useNow()
  return <Moment atMs={sinceMs} className={className} words={`for ${span(nowMs - sinceMs)}`} />
}

export function Until({ atMs, className }: TimeProps) {
  const nowMs = useNow()
  return <Moment atMs={atMs} className={className} words={until(atMs, nowMs)} />
}

/** The reader's time zone is known in the browser only, hence the words may differ from those of the server. */
const Moment = ({ atMs, className, words }: TimeProps & { words: string }) => (
  <time dateTime={new Date(atMs).toISOString()} title={exactly(atMs)} className={className} suppressHydrationWarning>
    {words}
  </time>
)

export const Exactly = ({ atMs, className }: TimeProps) => (
  <Moment atMs={atMs} className={className} words={exactly(atMs)} />
)
