import { decide, type PlacementDevice, sentenceOf } from '@tradewind/fleet'
import type { Build, Catalogue } from '@tradewind/protocol'
import { fail } from './trouble'

export type Recommendation = { build: Build; because: string }

/** Enough for a minute of speech, or a few pages. */
const context = 4096

/**
 * The build of a variant that placement would give this device. Throws `variant-unknown`, and `nothing-fits` with what is said
 * against each of its builds.
 */
export function recommend(variant: string, device: PlacementDevice, catalogue: Catalogue): Recommendation {
  const known = catalogue.variants.find(({ id }) => id === variant)
  if (!known) return fail('variant-unknown', { variant })
  const useCase = known.hears ? 'transcription' : 'known-corpus-qa'
  const { candidates } = decide(device, catalogue, { id: 'pull', useCases: [useCase], context })
  const all = candidates.filter((one) => one.variant === variant)
  const [best] = all.filter(({ refusals }) => refusals.every(({ code }) => code === 'files-unresolved')).sort(byScore)
  const build = catalogue.builds.find(({ id }) => id === best?.build)
  if (!build) {
    const refusals = all.map(({ build, refusals: [first] }) => `${build}: ${first ? sentenceOf(first) : ''}`)
    return fail('nothing-fits', { variant, refusals })
  }
  return { build, because: `best for ${useCase} of the ${all.length} builds of ${known.name} on this device` }
}

const byScore = (a: { score: number }, b: { score: number }) => b.score - a.score

/** The build of this id. Throws `build-unknown`. */
export const buildNamed = (id: string, variant: string, { builds }: Catalogue): Recommendation => {
  const build = builds.find((one) => one.id === id && one.variant === variant)
  return build ? { build, because: 'as you said' } : fail('build-unknown', { build: `${id} of ${variant}` })
}
