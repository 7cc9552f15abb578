/** Which process holds a device's identity: starts count up for ever, `run` is random per process. */
export type Holder = { start: number; run: string | null }

export type Admission =
  | { admit: true }
  | { admit: false; code: 'identity-superseded' | 'start-behind'; latestStart: number }

/**
 * Of two agents with one identity the higher start wins. The loser is `identity-superseded` while the winner is
 * connected and must stop trying. When nobody is connected it is only `start-behind`, as after an older copy of the
 * card was put back: it may count on from `latestStart`.
 */
export function admitStart(
  holder: Holder | undefined,
  claim: { start: number; run: string },
  isConnected: boolean,
): Admission {
  if (!holder || claim.start > holder.start) return { admit: true }
  const isSameProcess = claim.start === holder.start && (holder.run === null || holder.run === claim.run)
  if (isSameProcess) return { admit: true }
  return { admit: false, code: isConnected ? 'identity-superseded' : 'start-behind', latestStart: holder.start }
}
