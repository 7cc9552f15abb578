import type { BuildSpeed, Seeking, Serving, SmokeResult } from '@tradewind/protocol'

/** What is known of a member now: levels, read anew each time. How it came to be so does not matter. */
export type Observation = {
  /** since when it is connected without a break, in the hub's milliseconds; null: it is not */
  hereSince: number | null
  isRevoked: boolean
  /** its newest assignment, whoever made it; a restart changes nothing of it but the revision */
  assigned: {
    /** the newest, restarts included */
    revision: number
    /** the newest that was no restart: what follows is about this one */
    made: number
    build: string
    /** first, person, rollout, roll-back */
    cause: string
    rolloutId: string | null
    atMs: number
  } | null
  revisionSeen: number
  revisionApplied: number
  failureCode: string | null
  seeking: Seeking | null
  serving: Serving | null
  smoke: SmokeResult | null
  /** what it measured of the build that it is to have; null: nothing */
  speed: BuildSpeed | null
  /** the median of what its class measured of that build, itself included */
  classSpeed: BuildSpeed | null
}

export type Observations = ReadonlyMap<string, Observation>
