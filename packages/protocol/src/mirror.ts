import { z } from 'zod'

const bytes = z.number().int().nonnegative()
const ms = z.number().int().describe('milliseconds since 1970')

/** Why a build is not whole, as a code with words for people. */
const Trouble = z.object({
  code: z.string(),
  message: z.string(),
  next: z.string(),
  retryMs: ms.nullable().describe('when the hub tries again by itself; null: a person has to ask'),
})

export const mirroredStates = ['whole', 'waiting', 'fetching', 'failed'] as const

/** One build in the mirror of the hub, or on its way there. */
export const Mirrored = z.object({
  build: z.string(),
  bytes: bytes.describe('of all its files'),
  hereBytes: bytes.describe('that are on the disk'),
  state: z.enum(mirroredStates),
  devices: z.number().int().nonnegative().describe('to which it is assigned: while there are any it is not given up'),
  lastUsedMs: ms.nullable(),
  progress: z
    .object({ doneBytes: bytes, bytesPerSecond: z.number().nullable(), etaSeconds: z.number().nullable() })
    .nullable()
    .describe('while it is fetched'),
  trouble: Trouble.nullable(),
})
export type Mirrored = z.infer<typeof Mirrored>

/** The mirror of the hub: model files that it fetched once and serves to its devices. */
export const Mirror = z.object({
  mode: z.enum(['auto', 'manual']).describe('auto: files of assigned builds are fetched unasked'),
  source: z.string(),
  usedBytes: bytes,
  budgetBytes: bytes,
  roomBytes: bytes.describe('that may still be fetched, by the budget and by the disk'),
  transfers: z.number().int().nonnegative().describe('to devices, now'),
  builds: z.array(Mirrored),
})
export type Mirror = z.infer<typeof Mirror>

/** A build whose files are known by commit, size and sha256. `mirrored` is null when it was only to be resolved. */
export const MirrorAdded = z.object({
  build: z.string(),
  files: z.array(z.object({ repository: z.string(), path: z.string(), commit: z.string(), bytes, sha256: z.string() })),
  mirrored: Mirrored.nullable(),
})
export type MirrorAdded = z.infer<typeof MirrorAdded>

export const MirrorPruned = z.object({ removed: z.array(z.string()), freedBytes: bytes })
export type MirrorPruned = z.infer<typeof MirrorPruned>
