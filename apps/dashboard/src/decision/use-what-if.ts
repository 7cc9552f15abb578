import type { Problem } from '@tradewind/protocol'
import { useEffect, useState } from 'react'
import { call, problemFrom } from '../live/call'
import type { Panel } from './panel'

/** A person who drags passes many steps: only where they rest is asked for. */
const restMs = 90

/**
 * The panel for another context than the one that is asked for, decided by the server: it alone has the catalogue, the
 * workloads and what was measured. Until it answers the last one stays. `null` asks for nothing else.
 */
export function useWhatIf(deviceId: string, known: Panel) {
  const [context, setContext] = useState<number | null>(null)
  const [answer, setAnswer] = useState<Panel | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const asked = context === known.ownContext ? null : context

  // What is known anew of the device bears on the answer too.
  useEffect(() => {
    setProblem(null)
    if (asked === null) return setAnswer(null)
    let isWanted = true
    const timer = setTimeout(async () => {
      try {
        const { panel } = await call<{ panel: Panel | null }>('GET', urlOf(deviceId, asked))
        if (isWanted && panel) setAnswer(panel)
      } catch (error) {
        if (isWanted) setProblem(problemFrom(error))
      }
    }, restMs)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [deviceId, asked, known])

  const panel = asked === null ? known : (answer ?? known)
  const pending = panel.context !== (asked ?? known.ownContext) && problem === null
  return { panel, context: asked ?? known.ownContext, pending, problem, choose: setContext }
}

const urlOf = (deviceId: string, context: number) => `/api/v1/devices/${deviceId}/decision?context=${context}`
