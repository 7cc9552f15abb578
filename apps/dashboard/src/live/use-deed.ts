'use client'

import type { Problem } from '@tradewind/protocol'
import { useState } from 'react'
import { problemFrom } from './call'

/** Something a person started: pending, then done or failed with a reason. A second start while pending is ignored. */
export function useDeed<A extends unknown[], T>(run: (...args: A) => Promise<T>, done?: (result: T) => void) {
  const [pending, setPending] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  async function start(...args: A) {
    if (pending) return
    setPending(true)
    setProblem(null)
    try {
      done?.(await run(...args))
    } catch (error) {
      setProblem(problemFrom(error))
    } finally {
      setPending(false)
    }
  }
  return { pending, problem, start, forget: () => setProblem(null) }
}
