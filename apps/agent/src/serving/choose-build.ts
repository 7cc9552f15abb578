import type { Listed } from '@tradewind/artifacts/store'
import type { ResolvedBuild } from '@tradewind/protocol'

/**
 * Which build is served where nobody assigned one: the wanted one, or of the whole ones that which was used last. A demo is
 * taken only when there is nothing else.
 */
export function chooseBuild(builds: Listed[], wanted: string | null): ResolvedBuild | null {
  const whole = builds.filter(({ broken }) => broken.length === 0).map(({ build }) => build)
  if (wanted !== null) return whole.find(({ id }) => id === wanted) ?? null
  return whole.find(({ demo }) => !demo) ?? whole[0] ?? null
}
