'use client'

import { useEffect, useRef, useSyncExternalStore } from 'react'
import { type Connection, type Handlers, LiveConnection, type NewsKind } from './live-connection'

export type { Connection, LiveEvents } from './live-connection'

/** A tab that was out of sight for this long may have slept through the end of its stream, in milliseconds. */
const sleepMs = 60_000

let shared: LiveConnection | undefined

/** One for the whole tab: a browser opens only six connections to a server, and pages are made of many components. */
function connectionOfTab(): LiveConnection {
  if (shared) return shared
  const made = new LiveConnection((address) => new EventSource(address))
  let hiddenMs: number | null = null
  window.addEventListener('online', () => made.renew())
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenMs = Date.now()
    else if (hiddenMs !== null && Date.now() - hiddenMs > sleepMs) made.renew()
  })
  shared = made
  return made
}

const atServer: Connection = { state: 'connecting', sinceMs: 0 }

/** How the tab hears of news, without listening for any. */
export const useConnection = (): Connection =>
  useSyncExternalStore(
    (changed) => connectionOfTab().watch(changed),
    () => connectionOfTab().state(),
    () => atServer,
  )

/**
 * The hub's news, of one device or of all, for as long as the component is shown. Which kinds are heard is fixed by the
 * handlers of the first render; what they do, by those of the last.
 */
export function useLive(handlers: Handlers, deviceId?: string): Connection {
  const latest = useRef(handlers)
  latest.current = handlers

  useEffect(() => {
    const { back: _, ...kinds } = latest.current
    return connectionOfTab().listen({
      kinds: Object.keys(kinds) as NewsKind[],
      deviceId: deviceId ?? null,
      hear: (kind, data) => latest.current[kind]?.(data),
      back: () => latest.current.back?.(),
    })
  }, [deviceId])

  return useConnection()
}
