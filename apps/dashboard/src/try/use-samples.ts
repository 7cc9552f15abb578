'use client'

import { useEffect, useState } from 'react'
import type { Clip } from './clip'

export type Sample = { file: string; lang: string; transcript: string; translation: string }

/** The clips that come with the demo's model, and what is said in them. Empty while it is not known, or not wanted. */
export function useSamples(wanted: boolean): Sample[] {
  const [samples, setSamples] = useState<Sample[]>([])
  useEffect(() => {
    if (!wanted) return setSamples([])
    const leaving = new AbortController()
    fetch('/samples/expected.json', { signal: leaving.signal })
      .then((reply) => (reply.ok ? reply.json() : []))
      .then(setSamples)
      .catch(() => {}) // a dashboard without them offers the other ways
    return () => leaving.abort()
  }, [wanted])
  return samples
}

export async function clipOf({ file, transcript }: Sample): Promise<Clip> {
  return { name: file, blob: await (await fetch(`/samples/${file}`)).blob(), says: transcript }
}
