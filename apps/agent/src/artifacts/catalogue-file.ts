import { readFile } from 'node:fs/promises'
import { fail } from '@tradewind/artifacts/trouble'
import { catalogueFaults, extendCatalogue, gemma4 } from '@tradewind/fleet'
import { type Catalogue, CatalogueFile } from '@tradewind/protocol'

/** The catalogue, with what a file adds to it. Throws `catalogue-unusable`. */
export async function catalogueWith(file: string | undefined): Promise<Catalogue> {
  if (file === undefined) return gemma4
  try {
    const catalogue = extendCatalogue(gemma4, CatalogueFile.parse(JSON.parse(await readFile(file, 'utf8'))))
    const [fault] = catalogueFaults(catalogue)
    if (fault) throw new Error(`${fault.id}: ${fault.code}`)
    return catalogue
  } catch (error) {
    return fail('catalogue-unusable', { file, cause: (error as Error).message })
  }
}
