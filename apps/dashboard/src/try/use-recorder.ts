'use client'

import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { Clip } from './clip'

/** A recording ends by itself after two minutes. */
const longestMs = 120_000

const never = () => () => {}
/** Browsers give the microphone to pages that came over HTTPS or from this machine. Null on the server, which cannot know. */
const useMicrophone = () =>
  useSyncExternalStore(
    never,
    () => Boolean(navigator.mediaDevices?.getUserMedia) && typeof MediaRecorder !== 'undefined',
    () => null,
  )

/** Records from the microphone; the sound stays in the page until it is sent. */
export function useRecorder(done: (clip: Clip) => void) {
  const available = useMicrophone()
  const [sinceMs, setSinceMs] = useState<number | null>(null)
  const [refused, setRefused] = useState(false)
  const stopping = useRef<() => void>(() => {})
  useEffect(() => () => stopping.current(), [])

  async function start() {
    setRefused(false)
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null)
    if (!stream) return setRefused(true)
    const recorder = new MediaRecorder(stream)
    const parts: Blob[] = []
    const tooLong = setTimeout(() => recorder.stop(), longestMs)
    recorder.ondataavailable = ({ data }) => parts.push(data)
    recorder.onstop = () => {
      clearTimeout(tooLong)
      for (const track of stream.getTracks()) track.stop()
      setSinceMs(null)
      done({ name: 'Your recording', blob: new Blob(parts, { type: recorder.mimeType }) })
    }
    stopping.current = () => recorder.state === 'recording' && recorder.stop()
    recorder.start()
    setSinceMs(Date.now())
  }

  return { available, sinceMs, refused, start, stop: () => stopping.current() }
}
