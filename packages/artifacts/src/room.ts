import type { ResolvedBuild } from '@tradewind/protocol'

/** What lies in a store, as far as making room is concerned. */
export type Contents = {
  builds: { build: ResolvedBuild; lastUsedMs: number; isHeld: boolean }[]
  /** files that no build there names, whole or on their way, with the bytes that they take */
  loose: { sha256: string; bytes: number }[]
}
export type RoomPlan = { builds: string[]; files: string[]; freesBytes: number }

/**
 * What to give up so that at least `bytes` become free, or all that may go when that is less: loose files first, then the builds
 * that were used longest ago. Nothing that is held, and no file that `keep` or a build that stays needs.
 */
export function planRoom(bytes: number, contents: Contents, keep: readonly ResolvedBuild[]): RoomPlan {
  const kept = new Set(keep.map(({ id }) => id))
  const needed = new Set(keep.flatMap(shaOf))
  const loose = contents.loose.filter(({ sha256 }) => !needed.has(sha256))
  const mayGo = contents.builds
    .filter(({ build, isHeld }) => !isHeld && !kept.has(build.id))
    .sort((a, b) => a.lastUsedMs - b.lastUsedMs)

  const plan: RoomPlan = { builds: [], files: [], freesBytes: 0 }
  const giveUp = (sha256: string, size: number) => {
    plan.files.push(sha256)
    plan.freesBytes += size
  }
  for (const { sha256, bytes: size } of loose) if (plan.freesBytes < bytes) giveUp(sha256, size)
  for (const { build } of mayGo) {
    if (plan.freesBytes >= bytes) break
    plan.builds.push(build.id)
    for (const { sha256, bytes: size } of filesOnlyOf(build.id, plan.builds, contents, needed)) giveUp(sha256, size)
  }
  return plan
}

/** The files that nobody needs any more once `gone` are gone. */
export function filesOnlyOf(id: string, gone: string[], { builds }: Contents, needed: ReadonlySet<string>) {
  const staying = new Set(builds.filter(({ build }) => !gone.includes(build.id)).flatMap(({ build }) => shaOf(build)))
  const own = builds.find(({ build }) => build.id === id)?.build.files ?? []
  return own.filter(
    ({ sha256 }, index) =>
      !staying.has(sha256) && !needed.has(sha256) && own.findIndex((one) => one.sha256 === sha256) === index,
  )
}

const shaOf = ({ files }: ResolvedBuild) => files.map(({ sha256 }) => sha256)
