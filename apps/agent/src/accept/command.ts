import { Command, InvalidArgumentError } from 'commander'
import { readEnv } from '../env'
import { EnrolError } from '../identity/enrol-error'
import { AcceptError } from './accept-error'

type Options = { clips?: string; minutes: number; out: string; read?: string }

/** As shells have it for a program that Ctrl-C ended. */
const interrupted = 130

/** `tradewind-agent accept`: the path of the report comes last on standard output. */
export function acceptCommand(): Command {
  return new Command('accept')
    .description('measure the build that this device serves, by its own API, and write a signed report')
    .option('--clips <folder>', 'recordings and their transcripts (expected.json); default: the samples of the demo')
    .option('--minutes <number>', 'of work without a pause before speed is measured again; 0: only cold', minutes, 20)
    .option('--out <folder>', 'where the report is written', '.')
    .option('--read <file>', 'measure nothing: check the signature of a report and print it')
    .action(run)
}

function minutes(text: string): number {
  const number = Number(text)
  if (text.trim() !== '' && number >= 0 && number <= 24 * 60) return number
  throw new InvalidArgumentError('It must be between 0 and 1440.')
}

async function run({ read, ...options }: Options) {
  const aborting = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => aborting.abort())
  try {
    const { accept, readReport } = await import('./accept')
    if (read !== undefined) {
      process.stdout.write(await readReport(read))
      return
    }
    const env = readEnv(process.env)
    const { file, words } = await accept({ env, ...options, signal: aborting.signal, to: process.stderr })
    process.stdout.write(`${words}${file}\n`)
  } catch (error) {
    if (aborting.signal.aborted) {
      process.stderr.write('stopped: nothing was written\n')
      process.exitCode = interrupted
      return
    }
    if (!(error instanceof AcceptError || error instanceof EnrolError)) throw error
    process.stderr.write(`error ${error.code}: ${error.message}\n  ${error.next}\n`)
    process.exitCode = 1
  }
}
