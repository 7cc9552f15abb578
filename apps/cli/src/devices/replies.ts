import { z } from 'zod'

const text = z.string()
const maybe = <T extends z.ZodType>(schema: T) => schema.nullable()

/** Fields of a newer dashboard pass through to `--json`; words of a newer one are shown as they are. */
const row = {
  id: text.min(1),
  name: text,
  presence: maybe(z.looseObject({ state: text, sinceMs: z.number() })),
  sync: text,
  deviceClass: maybe(text),
  board: maybe(text),
  cpu: maybe(text),
  cores: maybe(z.number()),
  memoryBytes: maybe(z.number()),
  os: maybe(text),
  agentVersion: maybe(text),
  enrolledMs: z.number(),
  revokedMs: maybe(z.number()),
}

const DeviceRowReply = z.looseObject(row)
/** A page; `total` counts the devices of all pages. */
export const DeviceList = z.object({ devices: z.array(DeviceRowReply), total: z.number() })
export type Device = z.infer<typeof DeviceRowReply>

export const Detail = z.looseObject({
  ...row,
  report: maybe(
    z.looseObject({
      atMs: z.number(),
      facts: z.looseObject({}),
      unreadable: z.array(z.looseObject({ fact: text, code: text })),
    }),
  ),
  assignment: maybe(
    z.looseObject({
      assignedRevision: z.number(),
      revisionApplied: z.number(),
      latest: maybe(
        z.looseObject({ build: text, workloadId: maybe(text), cause: text, actor: text, atMs: z.number() }),
      ).optional(),
    }),
  ),
  serving: maybe(z.looseObject({ build: text, label: text, state: text, since: z.number() })),
  seeking: maybe(
    z.looseObject({
      is: text,
      build: text,
      step: maybe(text),
      progress: z.looseObject({ doneBytes: z.number(), totalBytes: z.number(), etaMs: maybe(z.number()) }).optional(),
      reason: maybe(z.looseObject({ code: text, retryAt: maybe(z.number()) })),
    }),
  ),
  labels: z.record(text, text),
  measured: z.array(
    z.looseObject({
      build: text,
      generationPerSecond: z.number().optional(),
      promptPerSecond: z.number().optional(),
      realTimeFactor: z.number().optional(),
      residentBytes: z.number().optional(),
    }),
  ),
  failure: maybe(z.looseObject({ code: text, detail: text })),
  start: maybe(z.number()),
  keys: z.array(z.looseObject({ fingerprint: text, createdMs: z.number(), replacedMs: maybe(z.number()) })),
})
export type Detail = z.infer<typeof Detail>

export const Parked = z.looseObject({
  fingerprint: text.min(1),
  name: text,
  board: maybe(text),
  address: text,
  firstMs: z.number(),
  lastMs: z.number(),
  refusedMs: maybe(z.number()),
})
export type Parked = z.infer<typeof Parked>
export const ParkedList = z.object({ parked: z.array(Parked), total: z.number() })

export const Approved = z.looseObject({ deviceId: text.min(1) })
export const Done = z.looseObject({})
