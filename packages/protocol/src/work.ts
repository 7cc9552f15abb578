import { z } from 'zod'

/** Nothing does more in the time between two samples; beyond it a sum of sums would no longer be exact. */
const most = 1_000_000_000
const count = z.number().int().nonnegative().max(most)
const seconds = z.number().nonnegative().max(most)

/** What a device did for programs since the sample before: counts that add up over time and devices, each with its unit. */
export const workCounts = {
  requests: count.describe('answered, in whatever way, a wrong key apart; asking for health or metrics is none'),
  failedRequests: count.describe('of these, refused or broken off; a client that went away is none'),
  audioSeconds: seconds.describe('sound heard'),
  hearingSeconds: seconds.describe('of engineSeconds, for this sound'),
  promptTokens: count.describe('read'),
  generatedTokens: count.describe('written'),
  generationSeconds: seconds.describe('spent writing them'),
  engineSeconds: seconds.describe('summed over the generations: two at the same time do two seconds in one'),
} as const
export type WorkName = keyof typeof workCounts
export const workNames = Object.keys(workCounts) as WorkName[]

/** What is left out is 0. */
export const Work = z.object(workCounts).partial()
export type Work = z.infer<typeof Work>

/** What two spans, or two devices, come to together. What neither did is left out. */
export function addWork(one: Work, other: Work): Work {
  const sums = workNames.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)] as const)
  return Object.fromEntries(sums.filter(([, sum]) => sum > 0))
}
