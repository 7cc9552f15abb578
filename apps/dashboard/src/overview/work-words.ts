import { realTimeFactorOf, tokensPerSecondOf } from '@tradewind/fleet'
import type { WorkDone } from '@tradewind/store'
import { count, percent, perSecond, seconds } from '../words/format'

export type WorkLine = {
  name: string
  /** null: nothing of it was done, so there is no number */
  value: string | null
  /** against the same time of last week; null: it cannot be compared */
  change: string | null
}

/** What was done today and, where it is known, by this time of the same day last week. */
export function workLines(today: WorkDone, lastWeek: WorkDone | null): WorkLine[] {
  const line = (name: string, of: (work: WorkDone) => number | null, show: (value: number) => string): WorkLine => {
    const value = of(today)
    const before = lastWeek && of(lastWeek)
    return { name, value: value === null ? null : show(value), change: before === null ? null : change(value, before) }
  }
  return [
    line('Speech heard', ({ audioSeconds }) => audioSeconds, heard),
    line('Time for 1 s of speech', realTimeFactorOf, (factor) => seconds(factor * 1000)),
    line('Tokens written', ({ generatedTokens }) => generatedTokens, whole),
    line('Speed while writing', tokensPerSecondOf, perSecond),
    line('Requests', ({ requests }) => requests, whole),
    line(
      'Failed',
      ({ failedRequests }) => failedRequests,
      (failed) => failedOf(failed, today.requests),
    ),
  ]
}

/** Minutes until there are two hours of them. */
export const heard = (seconds: number) =>
  seconds < 7200 ? `${count(Math.round(seconds / 60))} min` : `${count(Math.round(seconds / 3600))} h`

const whole = (value: number) => count(Math.round(value))

const failedOf = (failed: number, requests: number) =>
  failed > 0 && requests > 0 ? `${whole(failed)} (${share(failed / requests)})` : whole(failed)

const share = (part: number) => (part < 0.01 ? 'under 1 %' : percent(part))

/** `+12 %`; what is the same is said so, and of nothing there is no share. */
export function change(now: number | null, before: number): string | null {
  if (now === null) return null
  if (before === 0) return now === 0 ? 'as then' : 'none then'
  const part = now / before - 1
  if (Math.abs(part) < 0.005) return 'as then'
  return part > 9.995 ? `${count(Math.round(part + 1))} times` : `${part > 0 ? '+' : '−'}${percent(Math.abs(part))}`
}
