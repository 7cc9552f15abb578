import { readFileSync } from 'node:fs'
import { catalogueFaults, extendCatalogue, gemma4 } from '@tradewind/fleet'
import { type Build, Catalogue, CatalogueFile, type Variant } from '@tradewind/protocol'
import { openApi } from '../api'
import { Failure } from '../failure'
import { findLogin } from '../saved-login'
import type { Terminal } from '../terminal'

type From = { catalogue?: string; builtIn?: boolean }

/**
 * The catalogue of the hub that one is signed in to, else the one that comes with this program, with what a file adds to it.
 * Throws `Failure` when the file is not usable, or the dashboard does not answer.
 */
export async function catalogueFor(terminal: Terminal, { catalogue: file, builtIn = false }: From): Promise<Catalogue> {
  const base = builtIn ? gemma4 : await hubsCatalogue(terminal)
  return file === undefined ? base : extended(base, file)
}

async function hubsCatalogue({ env }: Terminal): Promise<Catalogue> {
  const login = loginIfAny(env)
  return login ? openApi(login).call('GET', '/catalogue', Catalogue) : gemma4
}

/** Null for who is not signed in; a login that is broken is told of. */
function loginIfAny(env: Terminal['env']) {
  try {
    return findLogin(env)
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-signed-in') return null
    throw error
  }
}

function extended(base: Catalogue, file: string): Catalogue {
  const catalogue = extendCatalogue(base, readCatalogue(file))
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
