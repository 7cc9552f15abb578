import type { ProblemCode } from '@tradewind/protocol'

export type RolloutTarget = { deviceId: string; build: string }

/** What placement and people ask of rollouts. `plan` is in the words of fleet's RolloutPlan. */
export type RolloutDoor = {
  /**
   * Makes a rollout; it is durable when this resolves. Asked twice for one version of a workload, because the hub died
   * between a rollout and its note, it answers with the one that is there. Throws `RolloutRefused`.
   */
  start(ask: {
    workloadId: string | null
    workloadVersion: number | null
    targets: RolloutTarget[]
    plan: unknown
    actor: string
  }): Promise<{ id: string }>
  control(ask: { id: string; act: RolloutAct; actor: string }): Promise<unknown>
  /** Whether a rollout will tell this device what to serve: nothing is proposed to it meanwhile. */
  isWaiting(deviceId: string): boolean
}

export const rolloutActs = ['pause', 'resume', 'abort', 'roll-back'] as const
export type RolloutAct = (typeof rolloutActs)[number]

/** A person's ask that cannot be done, with its code for them. */
export class RolloutRefused extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail?: Record<string, string | number | boolean>,
  ) {
    super(code)
  }
}
