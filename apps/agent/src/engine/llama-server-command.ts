import { Command, InvalidArgumentError } from 'commander'
import { readEnv } from '../env'
import { buildLlamaServer, carriedSource, defaultEngines, EngineBuildError } from './llama-server-build'

type Options = { target?: string; jobs?: number }

/** `tradewind-agent engine build`: the path of the program comes last and alone on standard output. */
export function engineCommand(): Command {
  const build = new Command('build')
    .description('build llama-server from the source in the npm package node-llama-cpp (ten minutes on two cores)')
    .option('--target <platform-arch>', 'where it will run: this machine, or linux-arm64 for a Raspberry Pi 5')
    .option('--jobs <count>', 'compilers at the same time', countOf)
    .argument('[flags...]', 'more flags for cmake, such as -DGGML_CUDA=ON, after --')
    .action(runBuild)
  return new Command('engine').description('the process that holds the weights').addCommand(build)
}

function countOf(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('It must be a number from 1 to 999.')
  return Number(text)
}

async function runBuild(extra: string[], { target, jobs }: Options) {
  const aborting = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => aborting.abort())
  try {
    const { program } = await buildLlamaServer({
      bundle: carriedSource(),
      engines: readEnv(process.env).TRADEWIND_ENGINES ?? defaultEngines,
      target,
      extra,
      jobs,
      tell: (line) => process.stderr.write(`${line}\n`),
      signal: aborting.signal,
    })
    process.stdout.write(`${program}\n`)
  } catch (error) {
    if (!(error instanceof EngineBuildError)) throw error
    process.stderr.write(`error ${error.code}: ${error.message}\n  ${error.next}\n`)
    process.exitCode = 1
  }
}
