import { z } from 'zod'
import { part } from '../part'
import type { Operations } from './operation'
import { count, flag, orNull, text } from './shapes'

const context = z.coerce.number().int().min(256).max(1_048_576).default(4096).describe('tokens, of one request')
const Range = z.object({ least: count, most: count }).describe('the longest context that fits, in tokens')
const Speed = z
  .object({ generationPerSecond: z.number(), from: z.enum(['measured', 'published', 'computed', 'unknown']) })
  .describe('tokens written in a second, and what that rests on')
const refusedBy = z.record(text, count).describe('devices that cannot, for each code')

const VariantReach = z.object({
  variant: text,
  able: count.describe('devices that can run it now, with at least the context that was asked for'),
  context: orNull(Range),
  refusedBy,
  classes: z.array(
    z.object({
      deviceClass: text,
      board: orNull(text),
      memoryBytes: orNull(z.number()),
      devices: count,
      able: count,
      builds: z.record(text, count).describe('devices for each build that would be taken'),
      context: orNull(Range),
      refusedBy,
      speed: orNull(Speed).describe('of the slowest of them'),
    }),
  ),
})

export const FleetModels = z
  .object({
    context: count,
    devices: count.describe('that have reported and were not revoked'),
    variants: z.array(VariantReach),
    own: z
      .array(
        z.object({
          build: text,
          variant: text,
          deviceClass: text,
          board: orNull(text),
          devices: count.describe('that measured it'),
          generationPerSecond: orNull(z.object({ least: z.number(), middle: z.number(), most: z.number() })),
          residentBytes: orNull(z.number()).describe('the most that one of them held'),
          estimatedBytes: orNull(z.number()).describe('what was estimated for that one'),
          predicted: orNull(Speed),
        }),
      )
      .describe('what the devices measured, for each build and device class, beside the prediction'),
  })
  .meta({ id: 'FleetModels' })

export const ModelDevices = z
  .object({
    variant: text,
    context: count,
    able: count,
    total: count,
    devices: z.array(
      z.object({
        id: text,
        name: text,
        deviceClass: text,
        can: flag,
        build: orNull(text),
        longestContext: orNull(count).describe('tokens'),
        speed: orNull(Speed),
        words: z.array(text).describe('why it cannot'),
      }),
    ),
  })
  .meta({ id: 'ModelDevices' })

/** What the catalogue comes to on the devices that are there. */
export const fleetModels = {
  'GET /models': {
    deed: 'read',
    summary: 'Which variants the devices can run, with how much context, and what they measured',
    query: z.object({ context }),
    reply: FleetModels,
  },
  'GET /models/{variant}/devices': {
    deed: 'read',
    summary: 'Which devices can run a variant, and with how much context',
    query: z.object({ context, ...part() }),
    reply: ModelDevices,
  },
} satisfies Operations
