import { type CatalogueFault, catalogueFaults, extendCatalogue, gemma4, resolveFile } from '@tradewind/fleet'
import type { Catalogue, CatalogueFile, ModelFile } from '@tradewind/protocol'
import { type Actor, audit } from './audit'
import { type Database, type Transaction, transact } from './database'
import type { AssignedBuild, FileDiffers, RecordedFile } from './model'
import { readSetting, writeSetting } from './settings'

export const catalogue = (db: Database) => ({
  /**
   * What may be placed: what Tradewind knows, what people added, and the files that were resolved. A file that is known otherwise
   * by now than it was recorded stays as it is known, and so is not assignable, until a person has looked.
   */
  async catalogue(): Promise<Catalogue> {
    const recorded = new Map((await recordedFiles(db)).map((file) => [nameOf(file), file]))
    const known = extendCatalogue(gemma4, (await readSetting<CatalogueFile>(db, 'catalogue')) ?? {})
    const builds = known.builds.map((build) => ({
      ...build,
      files: build.files.map((file) => withRecorded(file, recorded.get(nameOf(file)))),
    }))
    return { ...known, builds }
  },

  /** Adds to what people added before; an entry with a known id replaces it. Faults, and nothing is changed, where it does not hold together. */
  addCatalogue: (more: CatalogueFile, actor: Actor): Promise<CatalogueFault[]> =>
    transact(db, async (tx) => {
      const added = joined((await readSetting<CatalogueFile>(tx, 'catalogue')) ?? {}, more)
      return replaceAdded(tx, added, actor)
    }),

  /** Replaces what people added; faults, and nothing is changed, where it does not hold together. */
  setCatalogue: (added: CatalogueFile, actor: Actor): Promise<CatalogueFault[]> =>
    transact(db, (tx) => replaceAdded(tx, added, actor)),

  recordedFiles: () => recordedFiles(db),

  /**
   * Records what the source said of the files of a build: once, and for ever. The first that was recorded otherwise is returned, and
   * nothing is changed.
   */
  recordFiles: (build: string, files: RecordedFile[], actor: Actor): Promise<FileDiffers | null> =>
    transact(db, async (tx) => {
      const before = new Map((await recordedFiles(tx)).map((file) => [nameOf(file), file]))
      const fresh = files.filter((file) => !before.has(nameOf(file)))
      for (const found of files) {
        const known = before.get(nameOf(found))
        if (known && !isSame(known, found)) return { known, found }
      }
      if (fresh.length === 0) return null
      const at = new Date()
      await tx.resolvedFile.createMany({
        data: fresh.map(({ repository, path, commit, bytes, sha256 }) => ({
          ...{ repository, path, commit, sha256, at },
          bytes: BigInt(bytes),
        })),
      })
      await audit(tx, actor, 'build-resolved', build, { files: fresh.length })
      return null
    }),

  /** What is assigned to the devices that were not revoked, with how many of them. */
  assignedBuilds: remembered(db),

  /** The builds that people want in the mirror. */
  wantedBuilds: async (): Promise<string[]> => (await readSetting<string[]>(db, 'mirror')) ?? [],

  wantBuild: (build: string, actor: Actor): Promise<void> =>
    transact(db, async (tx) => {
      const wanted = (await readSetting<string[]>(tx, 'mirror')) ?? []
      if (!wanted.includes(build)) await writeSetting(tx, 'mirror', [...wanted, build])
      await audit(tx, actor, 'mirror-added', build)
    }),

  unwantBuilds: (builds: string[], actor: Actor): Promise<void> =>
    transact(db, async (tx) => {
      const wanted = (await readSetting<string[]>(tx, 'mirror')) ?? []
      const left = wanted.filter((build) => !builds.includes(build))
      if (left.length !== wanted.length) await writeSetting(tx, 'mirror', left)
      for (const build of builds) await audit(tx, actor, 'mirror-pruned', build)
    }),
})

const nameOf = ({ repository, path }: Pick<ModelFile, 'repository' | 'path'>) => `${repository} ${path}`

const isSame = (one: RecordedFile, other: RecordedFile) =>
  one.commit === other.commit && one.bytes === other.bytes && one.sha256 === other.sha256

async function recordedFiles(db: Transaction): Promise<RecordedFile[]> {
  const rows = await db.resolvedFile.findMany()
  return rows.map(({ repository, path, commit, bytes, sha256 }) => ({
    ...{ repository, path, commit, sha256 },
    bytes: Number(bytes),
  }))
}

function withRecorded(known: ModelFile, recorded: RecordedFile | undefined): ModelFile {
  if (!recorded) return known
  const { commit, bytes, sha256 } = recorded
  const resolution = resolveFile(known, { commit, bytes, sha256 })
  return resolution.ok ? resolution.file : known
}

async function replaceAdded(tx: Transaction, added: CatalogueFile, actor: Actor): Promise<CatalogueFault[]> {
  const faults = catalogueFaults(extendCatalogue(gemma4, added))
  if (faults.length > 0) return faults
  await writeSetting(tx, 'catalogue', added)
  await audit(tx, actor, 'catalogue-set', 'catalogue', { builds: added.builds?.length ?? 0 })
  return []
}

/** As one file that adds what both add. Adding the same again changes nothing. */
function joined(before: CatalogueFile, more: CatalogueFile): CatalogueFile {
  const empty = { variants: [], builds: [], licences: [], claims: [], rules: [], speeds: [], hardware: [] }
  const { rules, speeds, hardware, ...byId } = extendCatalogue({ ...empty, ...before }, more)
  return { ...byId, rules: distinct(rules), speeds: distinct(speeds), hardware: distinct(hardware) }
}

const distinct = <T>(list: T[]): T[] => [...new Map(list.map((one) => [JSON.stringify(one), one])).values()]

/** Assignments are only ever added: as long as none was, and no device was revoked, the answer is the one before. */
function remembered(db: Database) {
  let known: { stamp: string; builds: AssignedBuild[] } | null = null
  return async (): Promise<AssignedBuild[]> => {
    const [{ stamp = '' } = {}] = await db.$queryRawUnsafe<{ stamp: string }[]>(`
      SELECT (SELECT coalesce(max(rowid), 0) FROM Assignment) || ' ' ||
        (SELECT count(*) FROM Device WHERE revokedAt IS NULL) AS stamp`)
    if (known?.stamp !== stamp) known = { stamp, builds: await assignedBuilds(db) }
    return known.builds
  }
}

async function assignedBuilds(db: Database): Promise<AssignedBuild[]> {
  const rows = await db.$queryRawUnsafe<{ build: string; devices: number | bigint }[]>(`
    WITH latest AS (
      SELECT a.deviceId, max(a.revision) AS revision FROM Assignment a
      JOIN Device d ON d.id = a.deviceId AND d.revokedAt IS NULL
      GROUP BY a.deviceId
    )
    SELECT json_extract(a.body, '$.build') AS build, count(*) AS devices
    FROM latest JOIN Assignment a USING (deviceId, revision)
    GROUP BY 1`)
  return rows.map(({ build, devices }) => ({ build: JSON.parse(build), devices: Number(devices) }))
}
