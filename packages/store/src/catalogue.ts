import { type CatalogueFault, catalogueFaults, extendCatalogue, gemma4 } from '@tradewind/fleet'
import type { Catalogue, CatalogueFile } from '@tradewind/protocol'
import { type Actor, audit } from './audit'
import { type Database, transact } from './database'
import { readSetting, writeSetting } from './settings'

export const catalogue = (db: Database) => ({
  /** What may be placed: what Tradewind knows, what people added, and the files that were resolved. */
  async catalogue(): Promise<Catalogue> {
    const added = await readSetting<CatalogueFile>(db, 'catalogue')
    const resolved = new Map(
      (await db.resolvedFile.findMany()).map(({ repository, path, commit, bytes, sha256 }) => [
        `${repository} ${path}`,
        { commit, bytes: Number(bytes), sha256, exact: true },
      ]),
    )
    const known = added ? extendCatalogue(gemma4, added) : gemma4
    const builds = known.builds.map((build) => ({
      ...build,
      files: build.files.map((file) => ({ ...file, ...resolved.get(`${file.repository} ${file.path}`) })),
    }))
    return { ...known, builds }
  },

  /** Replaces what people added; faults, and nothing is changed, where it does not hold together. */
  setCatalogue: (added: CatalogueFile, actor: Actor): Promise<CatalogueFault[]> =>
    transact(db, async (tx) => {
      const faults = catalogueFaults(extendCatalogue(gemma4, added))
      if (faults.length > 0) return faults
      await writeSetting(tx, 'catalogue', added)
      await audit(tx, actor, 'catalogue-set', 'catalogue', { builds: added.builds?.length ?? 0 })
      return []
    }),
})
