import { z } from 'zod'

const text = z.string()
const maybe = <T extends z.ZodType>(schema: T) => schema.nullable()

export const AssignedReply = z.looseObject({
  assigned: z.array(z.looseObject({ deviceId: text, revision: z.number(), build: text })),
  refused: z.array(z.looseObject({ deviceId: text, code: text, says: text.optional() })),
  rollouts: z.array(z.looseObject({ id: text, workload: maybe(text), devices: z.number() })),
})
export type Assigned = z.infer<typeof AssignedReply>

export const PreviewReply = z.looseObject({
  devices: z.number(),
  changes: z.number(),
  counts: z.record(text, z.number()),
  downloadBytes: z.number(),
  diskBytes: z.number(),
  rows: z.array(
    z.looseObject({
      id: text,
      name: text,
      outcome: text,
      from: maybe(text),
      to: maybe(text),
      words: z.array(text),
    }),
  ),
})
export type Preview = z.infer<typeof PreviewReply>
