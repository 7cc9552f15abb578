import { tokens } from '@tradewind/fleet'
import { z } from 'zod'
import type { Cell } from '../format'
import { openSession } from '../session'
import type { Terminal } from '../terminal'

const Range = z.object({ least: z.number(), most: z.number() }).nullable()
const FleetModels = z.looseObject({
  devices: z.number(),
  variants: z.array(
    z.looseObject({
      variant: z.string(),
      able: z.number(),
      context: Range,
      refusedBy: z.record(z.string(), z.number()),
    }),
  ),
})
const ModelDevices = z.looseObject({
  able: z.number(),
  total: z.number(),
  devices: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      can: z.boolean(),
      build: z.string().nullable(),
      longestContext: z.number().nullable(),
      speed: z.object({ generationPerSecond: z.number(), from: z.string() }).nullable(),
      words: z.array(z.string()),
    }),
  ),
})
type Options = { context: number; json?: boolean }

/** Which devices can run a variant, or how many can run each. Throws `Failure` when nobody is signed in. */
export const modelDevices = (terminal: Terminal, variant: string | undefined, options: Options) =>
  variant === undefined ? ofFleet(terminal, options) : ofVariant(terminal, variant, options)

async function ofFleet(terminal: Terminal, { context, json }: Options) {
  const session = openSession(terminal)
  const fleet = await session.api.call('GET', `/models?context=${context}`, FleetModels)
  if (json) return session.json(fleet)
  session.table(
    ['VARIANT', 'DEVICES', 'LONGEST CONTEXT', 'WHAT STANDS AGAINST IT'],
    fleet.variants.map(({ variant, able, context, refusedBy }): Cell[] => [
      variant,
      `${able} of ${fleet.devices}`,
      rangeWords(context),
      Object.entries(refusedBy)
        .toSorted(([, a], [, b]) => b - a)
        .map(([code, devices]) => `${code}: ${devices}`)
        .join(', '),
    ]),
  )
}

async function ofVariant(terminal: Terminal, variant: string, { context, json }: Options) {
  const session = openSession(terminal)
  const path = `/models/${encodeURIComponent(variant)}/devices?context=${context}&limit=1000`
  const found = await session.api.call('GET', path, ModelDevices)
  if (json) return session.json(found)
  session.table(
    ['DEVICE', 'ID', 'BUILD', 'LONGEST CONTEXT', 'WRITES', 'WHY NOT'],
    found.devices.map(({ id, name, can, build, longestContext, speed, words }): Cell[] => [
      name,
      id,
      can ? (build ?? '') : { text: 'none', style: 'red' },
      longestContext === null ? '' : tokens(longestContext),
      speed ? `${speed.generationPerSecond.toFixed(1)} tokens/s (${speed.from})` : '',
      words.join('; '),
    ]),
  )
  session.note(`${found.able} of ${found.total} devices can run it with ${tokens(context)} of context.`)
}

function rangeWords(range: z.infer<typeof Range>): string {
  if (!range) return ''
  return range.least === range.most ? tokens(range.most) : `${tokens(range.least)} to ${tokens(range.most)}`
}
