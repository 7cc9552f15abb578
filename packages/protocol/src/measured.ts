import { z } from 'zod'

const at = z.number().int().nonnegative().describe('wall clock, milliseconds since 1970')
const positive = z.number().positive()
const bytes = z.number().int().positive()
const celsius = z.number().min(-50).max(200)

/** What runs the weights: the runtime, its version, and the commit of llama.cpp where it has one. */
export const EngineName = z.object({
  name: z.string().min(1).max(60),
  version: z.string().max(60),
  commit: z.string().max(40).nullable(),
})
export type EngineName = z.infer<typeof EngineName>

/** What a device measured of one build, after loading it. A figure that could not be measured is left out. */
export const BuildMeasured = z.object({
  build: z.string().min(1).max(60).describe('id in the catalogue'),
  at,
  deviceClass: z
    .string()
    .regex(/^v\d+:[0-9a-f]{16}$/)
    .describe('of the device when it measured'),
  engine: EngineName,
  loadMs: positive.optional(),
  residentBytes: bytes.optional().describe('memory that the engine held, with its cache'),
  estimatedBytes: bytes.optional().describe('what was predicted for the same options'),
  promptPerSecond: positive.optional().describe('tokens read a second'),
  generationPerSecond: positive.optional().describe('tokens written a second'),
  realTimeFactor: positive.optional().describe('seconds of work for a second of speech: below 1 is faster than live'),
  temperatureBeforeC: celsius.optional(),
  temperatureAfterC: celsius.optional(),
})
export type BuildMeasured = z.infer<typeof BuildMeasured>

/** All that a device knows of its builds, the latest of each: whole state, said anew with every connection. */
export const Measured = z.object({
  builds: z
    .array(BuildMeasured)
    .max(32)
    .refine((list) => new Set(list.map(({ build }) => build)).size === list.length, 'a build stands once'),
})
export type Measured = z.infer<typeof Measured>

export const servingStates = ['cold', 'loading', 'ready', 'draining', 'failed'] as const
export type ServingState = (typeof servingStates)[number]

/** What a device serves now, and how far its engine is. */
export const Serving = z.object({
  build: z.string().min(1).max(60),
  label: z.string().min(1).max(120).describe('for people: "Gemma 4 E2B, Q8_0"'),
  demo: z.boolean().describe('a model that shows the way and is for nothing else'),
  state: z.enum(servingStates),
  since: at,
  engine: EngineName.nullable().describe('null until it was ready once'),
  failure: z
    .object({ code: z.string().max(60), retryAt: at.nullable().describe('null: it was given up') })
    .nullable()
    .describe('null unless the state is failed'),
})
export type Serving = z.infer<typeof Serving>
