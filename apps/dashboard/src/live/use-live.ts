'use client'

import type { PresenceState } from '@tradewind/protocol'
import type { EventRow, SamplePoint } from '@tradewind/store'
import { useEffect, useRef, useState } from 'react'

export type LiveEvents = {
  presence: { deviceId: string; state: PresenceState; sinceMs: number }
  sample: { deviceId: string; points: SamplePoint[] }
  event: EventRow
  report: { deviceId: string }
  reported: { deviceId: string }
  measured: { deviceId: string }
  assigned: { deviceIds: string[] }
  problems: { deviceIds: string[] }
  rollout: { rolloutId: string; state: string }
  proposals: Record<string, never>
  fleet: Record<string, never>
}
const names = [
  'presence',
  'sample',
  'event',
  'report',
  'reported',
  'measured',
  'assigned',
  'problems',
  'rollout',
  'proposals',
  'fleet',
] as const satisfies (keyof LiveEvents)[]

type Handlers = { [N in keyof LiveEvents]?: (data: LiveEvents[N]) => void } & {
  /** The connection is back after it was lost: what happened meanwhile must be read again. */
  back?: () => void
}

/** `sinceMs`: for how long it has been so. */
export type Connection = { state: 'connecting' | 'live' | 'lost'; sinceMs: number }

const retryMs = 2000

/**
 * The hub's events, of one device or of all, for as long as the component is shown. A browser gives up on an answer
 * that is not a stream (the hub is away), so this opens a new one until there is one.
 */
export function useLive(handlers: Handlers, deviceId?: string): Connection {
  const [connection, setConnection] = useState<Connection>(() => ({ state: 'connecting', sinceMs: Date.now() }))
  const latest = useRef(handlers)
  latest.current = handlers

  useEffect(() => {
    let source: EventSource | undefined
    let retry: ReturnType<typeof setTimeout> | undefined
    let wasLost = false

    const become = (state: Connection['state']) =>
      setConnection((known) => (known.state === state ? known : { state, sinceMs: Date.now() }))
    const open = () => {
      source = new EventSource(`/api/v1/events${deviceId ? `?device=${deviceId}` : ''}`)
      source.onopen = () => {
        become('live')
        if (wasLost) latest.current.back?.()
        wasLost = false
      }
      source.onerror = () => {
        wasLost = true
        become('lost')
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, retryMs)
      }
      for (const name of names)
        source.addEventListener(name, (message) => {
          const handle = latest.current[name] as ((data: unknown) => void) | undefined
          handle?.(JSON.parse((message as MessageEvent<string>).data))
        })
    }
    open()
    return () => {
      clearTimeout(retry)
      source?.close()
    }
  }, [deviceId])

  return connection
}
