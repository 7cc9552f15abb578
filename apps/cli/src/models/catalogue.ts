import { readFileSync } from 'node:fs'
import { catalogueFaults, extendCatalogue, gemma4 } from '@tradewind/fleet'
import { type Build, type Catalogue, CatalogueFile, type Variant } from '@tradewind/protocol'
import { Failure } from '../failure'

/** The catalogue, with what a file adds to it. Throws `Failure` when the file is not usable. */
export function catalogueWith(file: string | undefined): Catalogue {
  if (file === undefined) return gemma4
  const catalogue = extendCatalogue(gemma4, readCatalogue(file))
  const [fault] = catalogueFaults(catalogue)
  if (fault) throw unusable(file, `${fault.id}: ${fault.code}${'names' in fault ? ` (${fault.names})` : ''}`)
  return catalogue
}

/** Throws `Failure` when the file is not shaped as one that adds to the catalogue. */
export function readCatalogue(file: string): CatalogueFile {
  const parsed = CatalogueFile.safeParse(readJson(file))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unusable(file, `${issue?.path.join('.') || 'the file'}: ${issue?.message}`)
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw unusable(file, (error as Error).message)
  }
}

const unusable = (file: string, why: string) =>
  new Failure(
    'catalogue-unusable',
    `${file} does not extend the catalogue: ${why}.`,
    'docs/placement.md has the shape.',
  )

export function variantOf(catalogue: Catalogue, id: string): Variant {
  const found = catalogue.variants.find((variant) => variant.id === id)
  if (found) return found
  const known = catalogue.variants.map((variant) => variant.id).join(', ')
  throw new Failure('usage', `There is no variant ${id}.`, `These are there: ${known}.`)
}

export const buildsOf = ({ builds }: Catalogue, { id }: Variant): Build[] =>
  builds.filter(({ variant }) => variant === id)
