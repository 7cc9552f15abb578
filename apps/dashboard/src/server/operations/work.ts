import { type WorkName, workCounts, workNames } from '@tradewind/protocol'
import type { WorkDone } from '@tradewind/store/model'
import { z } from 'zod'
import type { Operations } from './operation'
import { ms, orNull } from './shapes'

const span = z.object({
  fromMs: z.coerce.number().int().nonnegative().optional().describe('a day before `toMs` unless told otherwise'),
  toMs: z.coerce.number().int().nonnegative().optional().describe('now unless told otherwise'),
})

const sums = Object.fromEntries(
  workNames.map((name) => [name, z.number().describe(workCounts[name].description ?? '')]),
) as Record<WorkName, z.ZodNumber>

const Work = z
  .object({
    fromMs: ms,
    toMs: ms,
    knownSinceMs: orNull(ms).describe('when the oldest work begins that is known of any device; null: none is'),
    work: z.object(sums).describe('of the quarter hours that begin from `fromMs` on and before `toMs`'),
    realTimeFactor: orNull(z.number()).describe('hearingSeconds by audioSeconds; null: nothing was heard'),
    tokensPerSecond: orNull(z.number()).describe('generatedTokens by generationSeconds; null: nothing was written'),
  })
  .meta({ id: 'Work' }) satisfies z.ZodType<{ work: WorkDone }>

/** What devices did for programs. */
export const work = {
  'GET /work': {
    deed: 'read',
    summary: 'What all devices did for programs in a span of time',
    query: span,
    reply: Work,
  },
  'GET /devices/{id}/work': {
    deed: 'read',
    summary: 'What a device did for programs in a span of time',
    query: span,
    reply: Work,
  },
} satisfies Operations
