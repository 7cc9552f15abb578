import {
  decide,
  type Explanation,
  explain,
  explanationLines,
  type PlacementDevice,
  type Workload,
} from '@tradewind/fleet'
import { type Catalogue, policies, type UseCase, useCases } from '@tradewind/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { findDevice } from '../devices/find'
import { Failure } from '../failure'
import { paint } from '../format'
import { openSession } from '../session'
import type { Terminal } from '../terminal'

export type WorkloadOptions = {
  workload?: UseCase[]
  context: number
  slots: number
  policy: Workload['policy']
  hears?: boolean
  languages?: string[]
  minSpeed?: number
  maxFactor?: number
  maxWait?: number
  users?: number
  lowTolerance?: boolean
}

/** Adds the options that say what a device is for. */
export const withWorkload = (command: Command): Command =>
  command
    .option(
      '--workload <use>',
      `what it is for (a device has its own), with commas between several: ${useCases.join(', ')}`,
      uses,
    )
    .option('--context <tokens>', 'that one request may span', tokensOf, 4096)
    .option('--slots <count>', 'requests at once', tokensOf, 1)
    .addOption(new Option('--policy <name>', 'whose matrix counts').choices([...policies]).default('evidence'))
    .option('--hears', 'speech comes in')
    .option('--languages <codes>', 'that are spoken, with commas between: es,pt-br', (text) =>
      text.toLowerCase().split(','),
    )
    .option('--low-tolerance', 'shut out what is known to recall unreliably')
    .option('--min-speed <tokens>', 'tokens a second, at least', positive)
    .option('--max-factor <seconds>', 'of work for a second of speech, at most', positive)
    .option('--max-wait <seconds>', 'until a full context is read, at most', positive)
    .option('--users <count>', 'monthly users of a commercial product', tokensOf)

export function explainDecision(
  { out }: Terminal,
  catalogue: Catalogue,
  device: PlacementDevice,
  options: WorkloadOptions & { workload: UseCase[]; json?: boolean },
) {
  const decision = decide(device, catalogue, workloadOf(options))
  if (options.json) return out(`${JSON.stringify({ decision, words: explain(decision, catalogue) }, null, 2)}\n`)
  for (const line of explanationLines(explain(decision, catalogue))) out(`${paint(line, false)}\n`)
}

const Decided = z.object({
  workload: z.string().nullable(),
  tied: z.array(z.string()),
  words: z.custom<Explanation>((words) => typeof words === 'object').nullable(),
})

/** What the hub decides for a device by the workload that selects it. Throws `Failure` when none does, or several. */
export async function explainForItself(terminal: Terminal, idOrName: string, { json }: { json?: boolean }) {
  const session = openSession(terminal)
  const { id, name } = await findDevice(session.api, idOrName)
  const decided = await session.api.call('GET', `/devices/${encodeURIComponent(id)}/decision`, Decided)
  if (json) return session.json(decided)
  const { workload, tied, words } = decided
  const next = 'Say what it would be for: --workload USE.'
  if (tied.length > 0) throw new Failure('ambiguous', `${tied.join(' and ')} both select ${name}.`, next)
  if (!words) throw new Failure('not-found', `No workload selects ${name}.`, next)
  session.say(`For ${workload}:`)
  for (const line of explanationLines(words)) terminal.out(`${paint(line, false)}\n`)
}

const workloadOf = (options: WorkloadOptions & { workload: UseCase[] }): Workload => ({
  id: options.workload.join('+'),
  useCases: options.workload,
  context: options.context,
  slots: options.slots,
  policy: options.policy,
  hears: options.hears,
  languages: options.languages,
  hallucination: options.lowTolerance ? 'low' : 'any',
  ...(options.users === undefined ? {} : { commercial: true, monthlyUsers: options.users }),
  generationPerSecond: options.minSpeed,
  realTimeFactor: options.maxFactor,
  firstTokenSeconds: options.maxWait,
})

export function uses(text: string): UseCase[] {
  const asked = text.split(',')
  const unknown = asked.find((one) => !(useCases as readonly string[]).includes(one))
  if (unknown !== undefined)
    throw new InvalidArgumentError(`${unknown || 'Nothing'} is no use: ${useCases.join(', ')}.`)
  return asked as UseCase[]
}

export function tokensOf(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('Give a whole number above 0.')
  return count
}

export function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number above 0.')
  return value
}
