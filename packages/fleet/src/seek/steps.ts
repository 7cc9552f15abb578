import type { Assignment, StepName } from '@tradewind/protocol'

/** What an assignment asks a device to hold. */
export type Target = Pick<Assignment, 'revision' | 'build' | 'options' | 'restart'>

/** What is true on the device now, as far as seeking is concerned. Everything is asked anew before each plan. */
export type Observed = {
  /** what was committed last; null: nothing that was assigned was ever applied */
  applied: Target | null
  /** whose build the engine was told to hold: a revision's, the device's own choice, or none */
  holds: number | 'own-choice' | null
  /** whether what it was told to hold has loaded */
  isReady: boolean
  /** whether there is a build that the device would serve if nobody had assigned any */
  hasOwnChoice: boolean
  /** bytes of the wanted build and its test clips that are not on the disk */
  missingBytes: number
  /** bytes for which the disk has room beyond the reserve */
  roomBytes: number
  /** every file of the wanted build was read from the disk and had the right sha256 */
  isVerified: boolean
  /** the wanted revision has passed its smoke test, in the engine that runs now */
  hasPassed: boolean
  /** why the wanted revision came to nothing, the last time it was tried */
  failure: Failure | null
}

/** `retryAt`: milliseconds since 1970; null: only a new assignment or a person helps. */
export type Failure = { code: string; retryAt: number | null }

type Step = {
  /** whether it is to be done, given that every step before it was done or not needed */
  isNeeded: (wanted: Target, observed: Observed) => boolean
  /** what is true when it went well */
  effect: (wanted: Target, observed: Observed) => Observed
}

/**
 * Guard and expected effect of each step; the deed is the agent's. Invariants that the guards keep:
 * - what holds a build lets go of it only once the next one is whole and verified;
 * - a build is committed only after it was loaded and has passed;
 * - what was committed is loaded without a test: it passed before it was.
 */
export const steps: Record<StepName, Step> = {
  'make-room': {
    isNeeded: (_, { missingBytes, roomBytes }) => missingBytes > roomBytes,
    effect: (_, observed) => ({ ...observed, roomBytes: observed.missingBytes }),
  },
  fetch: {
    isNeeded: (_, { missingBytes }) => missingBytes > 0,
    effect: (_, observed) => ({ ...observed, missingBytes: 0 }),
  },
  verify: {
    isNeeded: (wanted, observed) => !observed.isVerified && !isOfApplied(wanted, observed),
    effect: (_, observed) => ({ ...observed, isVerified: true }),
  },
  'stop-engine': {
    isNeeded: (wanted, observed) => observed.holds !== null && !isHeld(wanted, observed),
    effect: (_, observed) => ({ ...observed, holds: null, isReady: false, hasPassed: false }),
  },
  'start-engine': {
    isNeeded: (wanted, observed) => !isHeld(wanted, observed) || (!isApplied(wanted, observed) && !observed.isReady),
    effect: ({ revision }, observed) => ({ ...observed, holds: revision, isReady: true, hasPassed: false }),
  },
  'smoke-test': {
    isNeeded: (wanted, observed) => !observed.hasPassed && !isKnownGood(wanted, observed),
    effect: (_, observed) => ({ ...observed, hasPassed: true }),
  },
  commit: {
    isNeeded: (wanted, observed) => !isApplied(wanted, observed),
    effect: (wanted, observed) => ({ ...observed, applied: wanted, holds: wanted.revision }),
  },
  'roll-back': {
    isNeeded: (_, observed) => observed.holds !== homeOf(observed),
    effect: (_, observed) => ({ ...observed, holds: homeOf(observed), isReady: true, hasPassed: false }),
  },
}

/** What is served when the wanted revision came to nothing: what was committed, else what the device would choose itself. */
export const homeOf = ({ applied, hasOwnChoice }: Observed): Observed['holds'] =>
  applied?.revision ?? (hasOwnChoice ? 'own-choice' : null)

export const isApplied = ({ revision }: Target, { applied }: Observed) => applied?.revision === revision

/** The engine holds what is wanted, under whichever revision that was assigned before. */
const isHeld = (wanted: Target, { holds, applied }: Observed) =>
  holds === wanted.revision ||
  (applied !== null && holds === applied.revision && isSame(wanted, applied) && wanted.restart === applied.restart)

/** The same build, held the same way: it has passed under another revision, and nothing about it is new. */
const isKnownGood = (wanted: Target, { applied }: Observed) => applied !== null && isSame(wanted, applied)

/** Its files are those that serve already. */
const isOfApplied = ({ build }: Target, { applied }: Observed) =>
  applied !== null && filesOf(build) === filesOf(applied.build)

const isSame = (one: Target, other: Target) =>
  one.build.id === other.build.id &&
  filesOf(one.build) === filesOf(other.build) &&
  optionNames.every((name) => one.options[name] === other.options[name])

const optionNames = ['context', 'slots', 'cacheType', 'microBatch', 'pool'] as const
const filesOf = ({ files }: Target['build']) => files.map(({ role, sha256 }) => `${role} ${sha256}`).join()
