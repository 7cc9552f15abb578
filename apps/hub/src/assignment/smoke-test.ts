import type { Baseline, SmokeClip, SmokeTest, Workload } from '@tradewind/protocol'

/** How far the answer and the speed of a build may be from the canary's. Shares. */
const tolerance = { mostWordErrors: 0.2, speedShare: 0.7 } as const

/** What a build must show: what the canary of its class showed, the workload's speed, and what operators' clips say. */
export const smokeTestOf = (
  workload: Workload | null,
  baseline: Baseline | undefined,
  clips: SmokeClip[],
): SmokeTest => ({
  baseline: baseline ?? null,
  ...tolerance,
  leastPerSecond: workload?.generationPerSecond ?? 0,
  clips,
})
