import { z } from 'zod'
import { SmokeClip } from './assignment'

/** The most that one clip may have: the most that a device fetches for a smoke test. */
export const mostSmokeClipBytes = 4 * 1024 * 1024

const id = z.string().min(1).max(60)

/** A clip that an operator adds to the smoke test of a workload, or of a build wherever it goes. */
export const SmokeClipWish = z
  .object({
    workload: id.optional().describe('an id; or say `build`'),
    build: id.optional().describe('an id'),
    language: SmokeClip.shape.language.describe('that is spoken: es, pt-br'),
    text: z.string().trim().min(1).max(2000).describe('what is spoken, word for word'),
  })
  .refine(({ workload, build }) => (workload === undefined) !== (build === undefined), 'a `workload` or a `build`')
export type SmokeClipWish = z.infer<typeof SmokeClipWish>

/** One that the hub keeps. */
export const SmokeClipKept = SmokeClip.extend({
  id: z.string(),
  workload: id.nullable(),
  build: id.nullable(),
  addedMs: z.number(),
  addedBy: z.string(),
})
export type SmokeClipKept = z.infer<typeof SmokeClipKept>
