import type { Build, Catalogue, CatalogueFile, ModelFile, Rule, Variant } from '@tradewind/protocol'
import { builds } from './builds'
import { claims } from './claims'
import { licences } from './licences'
import { rules } from './rules'
import { hardware, speeds } from './speeds'
import { variants } from './variants'

/** What Tradewind knows of Gemma 4. */
export const gemma4: Catalogue = { variants, builds, rules, licences, speeds, hardware, claims }

/**
 * The catalogue with what a file adds. An entry with a known id replaces that entry in its place, so that the order
 * of the variants stays; rules, speeds and hardware of the file come first, because the first that matches counts.
 */
export function extendCatalogue(catalogue: Catalogue, more: CatalogueFile): Catalogue {
  return {
    variants: merged(catalogue.variants, more.variants),
    builds: merged(catalogue.builds, more.builds),
    licences: merged(catalogue.licences, more.licences),
    claims: merged(catalogue.claims, more.claims),
    rules: [...(more.rules ?? []), ...catalogue.rules],
    speeds: [...(more.speeds ?? []), ...catalogue.speeds],
    hardware: [...(more.hardware ?? []), ...catalogue.hardware],
  }
}

function merged<T extends { id: string }>(known: T[], more: T[] = []): T[] {
  const byId = new Map([...known, ...more].map((one) => [one.id, one]))
  return [...byId.values()]
}

/** What is wrong with a catalogue beyond its shape. */
export type CatalogueFault =
  | { code: 'twice'; id: string }
  | { code: 'variant-unknown' | 'licence-unknown' | 'claim-unknown'; id: string; names: string }
  | { code: 'more-able-than-variant'; id: string; ability: 'hears' | 'sees' }
  | { code: 'no-weights'; id: string }

/** Nothing is placed from a catalogue that has a fault. */
export function catalogueFaults({ variants, builds, rules, licences, claims, speeds }: Catalogue): CatalogueFault[] {
  const variantById = new Map(variants.map((variant) => [variant.id, variant]))
  const licenceIds = new Set(licences.map(({ id }) => id))
  const ownClaims = variants.flatMap(({ envelope, useCase, limitation }) => [envelope, useCase, limitation])
  const claimIds = new Set([...claims, ...ownClaims].map(({ id }) => id))
  return [
    ...[variants, builds, licences, claims].flatMap(twice),
    ...[...builds, ...speeds.map(({ on, variant }) => ({ id: `speed on ${on}`, variant })), ...rules.flatMap(named)]
      .filter(({ variant }) => !variantById.has(variant))
      .map(({ id, variant }) => ({ code: 'variant-unknown' as const, id, names: variant })),
    ...rules.flatMap(({ policy, useCase, because }) =>
      because
        .filter((claim) => !claimIds.has(claim))
        .map((names) => ({ code: 'claim-unknown' as const, id: `${policy} ${useCase}`, names })),
    ),
    ...[...variants, ...builds].flatMap(({ id, licence }) =>
      licence === undefined || licenceIds.has(licence)
        ? []
        : [{ code: 'licence-unknown' as const, id, names: licence }],
    ),
    ...builds.flatMap((build) => abilityFaults(build, variantById.get(build.variant))),
    ...builds
      .filter(({ files }) => !files.some(({ role }) => role === 'weights'))
      .map(({ id }) => ({ code: 'no-weights' as const, id })),
  ]
}

const named = ({ policy, useCase, choose, accept }: Rule) =>
  [...choose, ...accept].map((variant) => ({ id: `${policy} ${useCase}`, variant }))

function twice(list: { id: string }[]): CatalogueFault[] {
  const ids = list.map(({ id }) => id)
  return ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => ({ code: 'twice', id }))
}

const abilityFaults = (build: Build, variant: Variant | undefined): CatalogueFault[] =>
  (['hears', 'sees'] as const)
    .filter((ability) => variant && build[ability] && !variant[ability])
    .map((ability) => ({ code: 'more-able-than-variant', id: build.id, ability }))

/** A file is resolved when its commit, its size and all of its sha256 are known: only then it may be fetched. */
export const isResolved = ({ commit, exact, sha256 }: ModelFile) => commit !== null && exact && sha256?.length === 64

/** What the source of a file says of it at one time. */
export type Found = { commit: string; bytes: number; sha256: string }
export type Resolution =
  | { ok: true; file: ModelFile }
  | { ok: false; code: 'file-differs'; known: ModelFile; found: Found }

/**
 * The file with what its source says of it. When that contradicts what was known before, the source offers another
 * file under a known name: nothing of it may be used, and a person has to look.
 */
export function resolveFile(known: ModelFile, found: Found): Resolution {
  const differs =
    (known.commit !== null && known.commit !== found.commit) ||
    (known.exact && known.bytes !== found.bytes) ||
    !found.sha256.startsWith(known.sha256 ?? '')
  return differs
    ? { ok: false, code: 'file-differs', known, found }
    : { ok: true, file: { ...known, ...found, exact: true } }
}
