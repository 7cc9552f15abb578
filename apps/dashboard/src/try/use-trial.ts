'use client'

import type { Problem, TrialReply, TrialWish } from '@tradewind/protocol'
import { useEffect, useRef, useState } from 'react'
import { problemFrom } from '../live/call'
import type { Clip } from './clip'
import { sendClip } from './send-clip'

export type Trial =
  | { is: 'idle' }
  | { is: 'sending'; share: number }
  /** the device has been asked */
  | { is: 'waiting'; sinceMs: number }
  | { is: 'heard'; reply: TrialReply; wish: TrialWish; clip: Clip }
  | { is: 'refused'; problem: Problem }

/** One clip at a time. Leaving the page, like `cancel`, ends the trial on the device too. */
export function useTrial(deviceId: string) {
  const [trial, setTrial] = useState<Trial>({ is: 'idle' })
  const going = useRef<AbortController | null>(null)
  useEffect(() => () => going.current?.abort(), [])

  const onSent = (share: number) =>
    setTrial(share < 1 ? { is: 'sending', share } : { is: 'waiting', sinceMs: Date.now() })

  async function start(clip: Clip, wish: TrialWish) {
    going.current?.abort()
    const ending = new AbortController()
    going.current = ending
    setTrial({ is: 'sending', share: 0 })
    try {
      const reply = await sendClip({ deviceId, wish, clip: clip.blob, onSent, signal: ending.signal })
      setTrial({ is: 'heard', reply, wish, clip })
    } catch (error) {
      if (!ending.signal.aborted) setTrial({ is: 'refused', problem: problemFrom(error) })
    }
  }

  function cancel() {
    going.current?.abort()
    setTrial({ is: 'idle' })
  }

  return { trial, start, cancel }
}
