import { cacheTypes } from '@tradewind/fleet'
import { Command, Option } from 'commander'
import { Failure } from '../failure'
import type { Terminal } from '../terminal'
import { addModels } from './add'
import { catalogueFor } from './catalogue'
import { compareModels } from './compare'
import { modelDevices } from './devices'
import { type EstimateOptions, estimate } from './estimate'
import { explainDecision, explainForItself, tokensOf, type WorkloadOptions, withWorkload } from './explain'
import { listModels } from './list'
import { enrolledDevice, type MachineOptions, machineOf, withMachine } from './machine'

type Common = { json?: boolean; catalogue?: string; builtIn?: boolean }

const withCommon = (command: Command): Command =>
  command
    .option('--json', 'print it for programs')
    .option('--catalogue <file>', 'that adds to the catalogue')
    .option('--built-in', 'what this program knows, also where you are signed in to a hub')

export function modelsCommand(terminal: Terminal): Command {
  const models = withCommon(
    new Command('models').description('the variants of Gemma 4, their builds, what each gave up'),
  ).action(async (options: Common) => listModels(terminal, await catalogueFor(terminal, options), options))
  // commander gives an option that both have to the outer one, wherever it stands
  withCommon(models.command('compare <variant> <other>').description('two variants, figure by figure')).action(
    async (one: string, other: string, _: Common, compare: Command) => {
      const options: Common = compare.optsWithGlobals()
      compareModels(terminal, await catalogueFor(terminal, options), [one, other], options)
    },
  )
  models
    .command('devices [variant]')
    .description('how many devices can run each variant now, or which can run this one, and with how much context')
    .option('--context <tokens>', 'at least, of one request', tokensOf, 4096)
    .option('--json', 'print it for programs')
    .action((variant: string | undefined, _: Common, command: Command) =>
      modelDevices(terminal, variant, command.optsWithGlobals()),
    )
  withCommon(models.command('add <file>').description("add what a file describes to the hub's catalogue"))
    .option('--replace', 'in place of all that was added before')
    .action((file: string, _: Common, add: Command) => addModels(terminal, file, add.optsWithGlobals()))
  return models
}

export const estimateCommand = (terminal: Terminal): Command =>
  withMachine(withCommon(new Command('estimate').description('what a variant needs, and whether a machine has it')))
    .requiredOption('--variant <id>', 'one of tradewind models')
    .option('--context <tokens>', 'of all slots together', tokensOf, 4096)
    .option('--slots <count>', 'requests at once', tokensOf, 1)
    .addOption(new Option('--cache <type>', 'of keys and values').choices(Object.keys(cacheTypes)).default('f16'))
    .option('--micro-batch <tokens>', 'read at once: fewer take less memory', tokensOf, 512)
    .action(async (options: Common & MachineOptions & EstimateOptions) => {
      const machine = machineOf(options)
      estimate(terminal, await catalogueFor(terminal, options), machine, options)
    })

export const explainCommand = (terminal: Terminal): Command =>
  withWorkload(
    withMachine(
      withCommon(
        new Command('explain').description('which build a device or machine would run, and why not the others'),
      ),
    ),
  )
    .argument('[device]', 'id or unique name of an enrolled device')
    .action(async (device: string | undefined, options: Common & MachineOptions & WorkloadOptions) => {
      if (device !== undefined && (options.host !== undefined || options.ram !== undefined))
        throw new Failure('usage', 'A device and a machine are both named.', 'Give DEVICE, --host NAME or --ram SIZE.')
      const { workload } = options
      if (device !== undefined && workload === undefined) return explainForItself(terminal, device, options)
      if (workload === undefined)
        throw new Failure('usage', 'What the machine is for is not said.', 'Give --workload USE.')
      const place = device === undefined ? machineOf(options) : await enrolledDevice(terminal, device)
      explainDecision(terminal, await catalogueFor(terminal, options), place, { ...options, workload })
    })
