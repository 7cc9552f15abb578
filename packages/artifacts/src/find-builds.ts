import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { readIfThere } from '@tradewind/disk'
import type { Build, Catalogue, ModelFile } from '@tradewind/protocol'
import { parseResolvedBuild, ResolvedBuild, type ResolvedFile } from '@tradewind/protocol'
import { z } from 'zod'
import { sha256Of } from './store'
import { fail } from './trouble'

/** Builds that a folder holds, and where each of their files lies. */
export type FoundBuilds = { builds: ResolvedBuild[]; pathOf: (file: ResolvedFile) => string | undefined }
type Options = {
  catalogue: Catalogue
  signal: AbortSignal
  /** before the sha256 of a file is computed, which takes a while */
  onRead?: (file: string, bytes: number) => void
}

/**
 * What `build.json` describes where the folder has one; else the builds of the catalogue whose files are all there, under
 * any name. Throws `manifest-bad` and `nothing-found`.
 */
export async function buildsIn(folder: string, options: Options): Promise<FoundBuilds> {
  const manifest = path.join(folder, 'build.json')
  const text = await readIfThere(manifest).catch(() => null)
  return text === null ? knownBuildsIn(folder, options) : described(folder, manifest, text)
}

function described(folder: string, manifest: string, text: string): FoundBuilds {
  const build = parsed(manifest, text)
  for (const { path: inside } of build.files) {
    const way = path.relative(folder, path.resolve(folder, inside))
    if (way.startsWith('..') || path.isAbsolute(way) || path.isAbsolute(inside))
      fail('manifest-bad', { file: manifest, cause: `${inside} lies outside` })
  }
  return { builds: [build], pathOf: (file) => path.join(folder, file.path) }
}

function parsed(file: string, text: string): ResolvedBuild {
  try {
    return parseResolvedBuild(text)
  } catch (error) {
    const cause = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    return fail('manifest-bad', { file, cause })
  }
}

async function knownBuildsIn(folder: string, { catalogue, signal, onRead = () => {} }: Options): Promise<FoundBuilds> {
  const there = await filesIn(folder)
  const places = new Map<string, string>()
  const hashes = new Map<string, Promise<string>>()
  const hashOf = (file: string, bytes: number) => {
    const known = hashes.get(file)
    if (known) return known
    onRead(file, bytes)
    const hash = sha256Of(file, signal)
    hashes.set(file, hash)
    return hash
  }
  const find = async (known: ModelFile): Promise<ResolvedFile | null> => {
    for (const { file, bytes } of there.filter((one) => mayBe(known, one))) {
      const sha256 = await hashOf(file, bytes)
      if (!sha256.startsWith(known.sha256 ?? '')) continue
      places.set(sha256, file)
      return { ...known, bytes, sha256, exact: true }
    }
    return null
  }
  const builds: ResolvedBuild[] = []
  for (const build of catalogue.builds) {
    const held = await heldFrom(build, find)
    if (held) builds.push(held)
  }
  if (builds.length === 0) fail('nothing-found', { folder, looked: there.length })
  return { builds, pathOf: ({ sha256 }) => places.get(sha256) }
}

/** Null when one of its files is not there. */
async function heldFrom(
  build: Build,
  find: (file: ModelFile) => Promise<ResolvedFile | null>,
): Promise<ResolvedBuild | null> {
  const files: ResolvedFile[] = []
  for (const known of build.files) {
    const file = await find(known)
    if (!file) return null
    files.push(file)
  }
  return ResolvedBuild.parse({ ...build, files })
}

type Here = { file: string; bytes: number }

/** By size; and by name as well where size or sha256 are not known well enough to tell. */
function mayBe({ exact, bytes, sha256, path: known }: ModelFile, here: Here): boolean {
  const isNamesake = path.basename(here.file) === path.basename(known)
  return (!exact || here.bytes === bytes) && (isNamesake || (exact && sha256 !== null))
}

async function filesIn(folder: string): Promise<Here[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) =>
    fail('folder-unreadable', { folder, cause: String(error.code ?? error.message) }),
  )
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  return Promise.all(files.map(async (file) => ({ file, bytes: (await stat(file)).size })))
}
