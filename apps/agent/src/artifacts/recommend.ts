import { fail } from '@tradewind/artifacts/trouble'
import { decide, type PlacementDevice, type Refusal } from '@tradewind/fleet'
import type { Build, Catalogue } from '@tradewind/protocol'

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
  const judged = all.map(({ refusals, ...one }) => ({ ...one, against: refusals.find(isOfDevice) }))
  const [best] = judged.filter(({ against }) => !against).sort((a, b) => b.score - a.score)
  const build = catalogue.builds.find(({ id }) => id === best?.build)
  if (!build) {
    const against = judged.flatMap(({ build, against }) => (against ? [{ build, refusal: against }] : []))
    return fail('nothing-fits', { variant, against })
  }
  return { build, because: `best for ${useCase} of the ${all.length} builds of ${known.name} on this device` }
}

/** What the catalogue does not know of the files is asked of their source next. */
const isOfDevice = ({ code }: Refusal) => code !== 'files-unresolved'

/** The build of this id. Throws `build-unknown`. */
export const buildNamed = (id: string, variant: string, { builds }: Catalogue): Recommendation => {
  const build = builds.find((one) => one.id === id && one.variant === variant)
  return build ? { build, because: 'as you said' } : fail('build-unknown', { build: `${id} of ${variant}` })
}
