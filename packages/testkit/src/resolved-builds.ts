import type { Build, CatalogueFile } from '@tradewind/protocol'

const build = (id: string, variant: string, bytes: number, bitsPerWeight: number, digit: string): Build => ({
  ...{ id, variant, quantisation: 'Q8_0', bitsPerWeight, quantisationAware: false, engine: 'llama-server' },
  ...{ hears: true, sees: true },
  files: [
    {
      ...{ role: 'weights', repository: 'test/builds', path: `${id}.gguf`, bytes, exact: true },
      ...{ commit: digit.repeat(40), sha256: digit.repeat(64), standing: 'confirmed', source: 'a test' },
    },
  ],
})

/**
 * Builds of Gemma 4's variants whose files are resolved, for `store.setCatalogue`. There are no such files: they are for
 * tests of who is assigned what. `test-e2b` is right for a Pi 5 that transcribes; `test-e2b-lean` fits beside it.
 */
export const resolvedBuilds: CatalogueFile = {
  builds: [
    build('test-e2b', 'e2b', 5e9, 8.5, 'a'),
    build('test-e2b-lean', 'e2b', 3e9, 4.5, 'b'),
    build('test-12b', '12b', 12e9, 8.5, 'c'),
  ],
}
