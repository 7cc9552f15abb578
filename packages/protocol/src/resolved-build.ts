import { z } from 'zod'
import { Build, ModelFile } from './catalogue'

/** A file of which everything is known that pins it: its exact size and all of its sha256. */
export const ResolvedFile = ModelFile.extend({
  exact: z.literal(true).default(true),
  commit: ModelFile.shape.commit.default(null).describe('null for what came from no repository'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  standing: ModelFile.shape.standing.default('confirmed'),
  source: ModelFile.shape.source.default('its sha256'),
})
export type ResolvedFile = z.infer<typeof ResolvedFile>

/**
 * A build with every file resolved: what the store keeps as `builds/<id>.json`, and what a folder to import may hold as
 * `build.json`. There the `path` of a file is its path in that folder. Such a manifest, at its shortest:
 *
 *     {
 *       "id": "pocket", "label": "pocket (demo, 48 words)", "demo": true,
 *       "variant": "pocket", "quantisation": "Q8_0", "bitsPerWeight": 8.5, "quantisationAware": false,
 *       "engine": "llama-server", "hears": true, "sees": false,
 *       "files": [
 *         { "role": "weights", "repository": "tradewind/pocket", "path": "pocket-q8.gguf", "bytes": 956544, "sha256": "…64 digits" },
 *         { "role": "projector", "repository": "tradewind/pocket", "path": "pocket-q8-mmproj.gguf", "bytes": 973120, "sha256": "…" }
 *       ]
 *     }
 *
 * What is left out of a file is filled in: `exact`, `commit` (null), `standing` and `source`.
 */
export const ResolvedBuild = Build.extend({
  files: z.array(ResolvedFile).min(1).max(20),
  demo: z.boolean().default(false).describe('a fixture that must never be taken for a real model'),
})
export type ResolvedBuild = z.infer<typeof ResolvedBuild>

/** Checks a manifest from outside. Throws a `ZodError` that names each mistake. */
export const parseResolvedBuild = (json: string): ResolvedBuild => ResolvedBuild.parse(JSON.parse(json))

/** Bytes of all files together. */
export const bytesOf = ({ files }: Pick<Build, 'files'>): number => files.reduce((sum, { bytes }) => sum + bytes, 0)
