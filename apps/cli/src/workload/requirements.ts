import { readFileSync } from 'node:fs'
import { policies, type UseCase, useCases, Workload } from '@tradewind/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { pairsOf, several } from '../assign/pairs'
import { findDevice } from '../devices/find'
import { Failure } from '../failure'
import { positive, tokensOf, uses } from '../models/explain'
import type { Session } from '../session'

export type RequirementOptions = {
  file?: string
  for?: UseCase[]
  context?: number
  slots?: number
  languages?: string[]
  select?: string[]
  device?: string[]
  priority?: number
  pin?: string
  policy?: Workload['policy']
  hears?: boolean
  lowTolerance?: boolean
  minSpeed?: number
  maxFactor?: number
  maxWait?: number
  users?: number
}

/** Adds the options that say what devices are for, and which. */
export const withRequirements = (command: Command): Command =>
  command
    .option('--file <json>', 'the whole workload; options change what it says')
    .option('--for <use>', `what for, with commas between several: ${useCases.join(', ')}`, uses)
    .option('--context <tokens>', 'that one request may span (4096 if left out)', tokensOf)
    .option('--slots <count>', 'requests at once', tokensOf)
    .option('--languages <codes>', 'that are spoken, with commas between: es,pt-br', (text) =>
      text.toLowerCase().split(','),
    )
    .option('--select <name=value>', 'only devices with this label; may be repeated', several)
    .option('--device <device>', 'only these: id or unique name; may be repeated', several)
    .option('--priority <number>', 'of two that select a device the higher counts', whole)
    .option('--pin <build>', 'this build and no other')
    .addOption(new Option('--policy <name>', 'whose matrix counts').choices([...policies]))
    .option('--hears', 'speech comes in')
    .option('--low-tolerance', 'shut out what is known to recall unreliably')
    .option('--min-speed <tokens>', 'tokens a second, at least', positive)
    .option('--max-factor <seconds>', 'of work for a second of speech, at most', positive)
    .option('--max-wait <seconds>', 'until a full context is read, at most', positive)
    .option('--users <count>', 'monthly users of a commercial product', tokensOf)

/** What a file, or what was before, says, with what the options change. Throws `Failure` when that is no workload. */
export async function workloadOf(
  session: Session,
  id: string,
  options: RequirementOptions,
  before: Partial<Workload>,
): Promise<Workload> {
  const base = options.file === undefined ? before : (readJson(options.file) as Partial<Workload>)
  const devices = options.device && (await Promise.all(options.device.map((one) => findDevice(session.api, one))))
  const changes = {
    useCases: options.for,
    context: options.context,
    slots: options.slots,
    languages: options.languages,
    selects: options.select && pairsOf(options.select),
    devices: devices?.map((device) => device.id),
    priority: options.priority,
    pin: options.pin,
    policy: options.policy,
    hears: options.hears,
    hallucination: options.lowTolerance ? 'low' : undefined,
    ...(options.users !== undefined && { commercial: true, monthlyUsers: options.users }),
    generationPerSecond: options.minSpeed,
    realTimeFactor: options.maxFactor,
    firstTokenSeconds: options.maxWait,
  }
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  const parsed = Workload.safeParse({ context: 4096, useCases: [], ...base, ...given, id })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Failure('usage', `${issue?.path.join('.')}: ${issue?.message}.`, 'See tradewind workload create --help.')
  }
  if (parsed.data.useCases.length === 0)
    throw new Failure('usage', 'What are the devices for?', `Give --for with some of ${useCases.join(', ')}.`)
  return parsed.data
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Failure('usage', `${file} cannot be read: ${(error as Error).message}.`, 'Give a file of JSON.')
  }
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('Give a whole number.')
  return value
}
