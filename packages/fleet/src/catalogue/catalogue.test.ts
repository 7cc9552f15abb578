import { Catalogue, CatalogueFile, type ModelFile, standings } from '@tradewind/protocol'
import { describe, expect, test } from 'vitest'
import { catalogueFaults, extendCatalogue, gemma4, isResolved, resolveFile } from './catalogue'
import { comparators } from './licences'
import { speechPrompts } from './speech'

describe('the catalogue', () => {
  test('has the shape that a file of it must have', () => {
    expect(Catalogue.parse(gemma4)).toEqual(gemma4)
  })

  test('has no fault', () => {
    expect(catalogueFaults(gemma4)).toEqual([])
  })

  test('has the five variants, from the smallest to the largest, each with a build', () => {
    expect(gemma4.variants.map(({ id }) => id)).toEqual(['e2b', 'e4b', '12b', '26b-a4b', '31b'])
    const totals = gemma4.variants.map(({ parameters }) => parameters.total)
    expect(totals).toEqual(totals.toSorted((a, b) => a - b))
    expect(new Set(gemma4.builds.map(({ variant }) => variant))).toEqual(new Set(gemma4.variants.map(({ id }) => id)))
  })

  test('says of each thing where it is from', () => {
    const sourced = JSON.stringify(gemma4).match(/"standing":"([a-z-]+)"/g) ?? []
    expect(sourced.length).toBeGreaterThan(150)
    expect(new Set(sourced)).toEqual(new Set(standings.map((standing) => `"standing":"${standing}"`)))
  })

  test('has what the article says, and what became of it', () => {
    const standing = Object.fromEntries(gemma4.claims.map((claim) => [claim.id, claim.standing]))
    expect(standing).toMatchObject({
      mrcr: 'confirmed',
      'moe-80k': 'contradicted',
      'omniscience-direction': 'contradicted',
      'omniscience-small': 'article-only',
      'live-code-gap': 'contradicted',
      'token-efficiency': 'article-only',
      'licence-deepseek': 'contradicted',
    })
    expect(comparators.map(({ name, licence }) => [name, licence])).toEqual([
      ['Qwen 3.5', 'apache-2.0'],
      ['Llama 4', 'llama-4-community'],
      ['DeepSeek', 'mit'],
    ])
    expect(gemma4.licences.find(({ id }) => id === 'llama-4-community')?.monthlyUsers).toBe(700e6)
  })

  test('asks to transcribe and translate in the official words', () => {
    expect(speechPrompts.transcribe('Spanish')).toMatch(/^Transcribe .* in Spanish into Spanish text\.\n\nFollow/)
    expect(speechPrompts.translate('Spanish', 'English')).toContain("then output the string 'English: ', then")
  })
})

describe('a file that extends it', () => {
  const e2b = gemma4.variants.find(({ id }) => id === 'e2b')
  const build = gemma4.builds.find(({ id }) => id === 'e2b-q8_0')
  if (!e2b || !build) throw new Error('the catalogue lost a build')

  test('adds a variant and a build without any change of code', () => {
    const file = CatalogueFile.parse({
      variants: [{ ...e2b, id: 'e3b', name: 'Gemma 4 E3B' }],
      builds: [{ ...build, id: 'e3b-q8_0', variant: 'e3b' }],
    })
    const extended = extendCatalogue(gemma4, file)
    expect(catalogueFaults(extended)).toEqual([])
    expect(extended.builds.at(-1)?.id).toBe('e3b-q8_0')
    expect(extended.builds).toHaveLength(gemma4.builds.length + 1)
  })

  test('replaces a build in its place', () => {
    const { builds } = extendCatalogue(gemma4, { builds: [{ ...build, quantisation: 'Q8_0 anew' }] })
    expect(builds[0]?.quantisation).toBe('Q8_0 anew')
    expect(builds).toHaveLength(gemma4.builds.length)
  })

  test.each([
    ['names a variant that is not there', { builds: [{ ...build, id: 'x', variant: 'e9b' }] }, 'variant-unknown'],
    ['names a licence that is not there', { builds: [{ ...build, licence: 'mine' }] }, 'licence-unknown'],
    ['has a build without weights', { builds: [{ ...build, files: build.files.slice(1) }] }, 'no-weights'],
    ['makes a deaf variant hear', { variants: [{ ...e2b, hears: false }] }, 'more-able-than-variant'],
  ])('that %s is at fault', (_, file, code) => {
    expect(catalogueFaults(extendCatalogue(gemma4, file)).map((fault) => fault.code)).toContain(code)
  })

  test('must correct what it contradicts', () => {
    const claim = { id: 'x', says: 'y', standing: 'contradicted', source: 'z' }
    expect(CatalogueFile.safeParse({ claims: [claim] }).success).toBe(false)
    expect(CatalogueFile.safeParse({ claims: [{ ...claim, corrected: 'w' }] }).success).toBe(true)
  })
})

describe('a file of a build', () => {
  const known: ModelFile = {
    ...{ role: 'weights', repository: 'a/b', path: 'c.gguf', commit: null, bytes: 100, exact: true, sha256: 'ab12' },
    ...{ standing: 'confirmed', source: 'here' },
  }
  const found = { commit: '0'.repeat(40), bytes: 100, sha256: 'ab12'.repeat(16) }

  test('is not resolved before commit, size and the whole hash are known', () => {
    expect(isResolved(known)).toBe(false)
    expect(isResolved({ ...known, ...found })).toBe(true)
    expect(isResolved({ ...known, ...found, exact: false })).toBe(false)
  })

  test.each([
    ['agrees', known, found, true],
    ['has another beginning of its hash', known, { ...found, sha256: 'ff'.repeat(32) }, false],
    ['has another size', known, { ...found, bytes: 101 }, false],
    ['has another size than the rough one', { ...known, exact: false }, { ...found, bytes: 101 }, true],
    ['moved since it was resolved', { ...known, ...found }, { ...found, commit: '1'.repeat(40) }, false],
  ])('whose source %s', (_, before, found, ok) => {
    expect(resolveFile(before, found).ok).toBe(ok)
  })
})
