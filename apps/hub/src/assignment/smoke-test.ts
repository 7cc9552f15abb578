import type { Baseline, SmokeTest, Workload } from '@tradewind/protocol'

/** How far the answer and the speed of a build may be from the canary's. Shares. */
const tolerance = { mostWordErrors: 0.2, speedShare: 0.7 } as const

/** What a build must show on a device: what the canary of its class showed, and the speed that the workload asks for. */
export const smokeTestOf = (workload: Workload | null, baseline: Baseline | undefined): SmokeTest => ({
  baseline: baseline ?? null,
  ...tolerance,
  leastPerSecond: workload?.generationPerSecond ?? 0,
  clips: [],
})
