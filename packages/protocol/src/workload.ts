import { z } from 'zod'
import { policies, useCases } from './catalogue'

const count = z.number().int().positive()
const perSecond = z.number().positive()
const label = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/)

/** What a person says of a device for the sake of choosing: `{ site: 'lyon', role: 'till' }`. */
export const Labels = z
  .record(label, z.string().trim().min(1).max(60))
  .refine((labels) => Object.keys(labels).length <= 32, 'at most 32 labels')
export type Labels = z.infer<typeof Labels>

/** What devices are for: use cases with one set of requirements. */
export const Workload = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  useCases: z.array(z.enum(useCases)),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}(-[a-z]{2})?$/))
    .max(60)
    .optional()
    .describe('that are spoken: es, pt-br; none: whatever was tested'),
  context: count.max(10_000_000).describe('tokens that one request may span'),
  slots: count.max(64).optional().describe('requests at once; each has a context of its own'),
  priority: z.number().int().optional().describe('of two workloads that select a device the higher counts'),
  selects: Labels.optional().describe('labels that a device must have; none: every device'),
  devices: z.array(z.string().max(40)).min(1).max(10_000).optional().describe('only these; left out: every device'),
  pin: z.string().max(60).optional().describe('this build and no other, where it fits'),
  policy: z.enum(policies).optional(),
  hears: z.boolean().optional().describe('speech comes in, whatever the use cases say'),
  hallucination: z
    .enum(['low', 'any'])
    .optional()
    .describe('`low` shuts out variants that are known to recall unreliably'),
  commercial: z.boolean().optional(),
  monthlyUsers: count.optional(),
  generationPerSecond: perSecond.optional().describe('tokens a second, at least'),
  realTimeFactor: z
    .number()
    .positive()
    .optional()
    .describe('seconds of work for a second of speech, at most; 1 is live'),
  firstTokenSeconds: z
    .number()
    .positive()
    .optional()
    .describe('until a full context is read, at most: what fits in memory may still take an hour'),
  gainToChange: z
    .number()
    .min(0)
    .max(10)
    .optional()
    .describe('share by which a serving device must gain before a change is proposed'),
})
export type Workload = z.infer<typeof Workload>
