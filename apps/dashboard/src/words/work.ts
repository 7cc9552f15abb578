import { realTimeFactorOf } from '@tradewind/fleet'
import type { WorkDone } from '@tradewind/store'
import { count, factor, minutes } from './format'

type Figure = { name: string; value: string; says?: string }

/** What was done, in the order of what people ask for. A ratio of nothing is left out. */
export function workFigures(work: WorkDone): Figure[] {
  const realTimeFactor = realTimeFactorOf(work)
  return [
    { name: 'Sound heard', value: minutes(work.audioSeconds) },
    ...(realTimeFactor === null
      ? []
      : [
          {
            name: 'Real-time factor',
            value: factor(realTimeFactor),
            says: 'Seconds of the engine for a second of sound: below 1 it hears faster than people speak.',
          },
        ]),
    { name: 'Tokens written', value: count(work.generatedTokens) },
    { name: 'Tokens read', value: count(work.promptTokens) },
    { name: 'Requests', value: count(work.requests) },
    { name: 'Failed', value: count(work.failedRequests), says: 'Of the requests: refused, or broken off by an error.' },
  ]
}
