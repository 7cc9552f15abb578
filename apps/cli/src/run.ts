import { Command, CommanderError } from 'commander'
import { version } from '../package.json'
import { Failure } from './failure'
import { paint } from './format'
import type { Terminal } from './terminal'

/** Runs one command line and says how the process should end: 0 done, 1 refused or failed, 2 written wrongly. */
export async function run(args: string[], commands: Command[], terminal: Terminal): Promise<number> {
  const program = new Command('tradewind').description('Runs the right Gemma 4 variant on every device of a fleet.')
  program.version(version)
  for (const command of commands) program.addCommand(command)
  speakThrough(terminal, program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    return explain(error, terminal)
  }
}

/** Commander neither ends the process nor writes past the terminal, in no sub-command either. */
function speakThrough(terminal: Terminal, command: Command) {
  command.exitOverride().configureOutput({
    writeOut: terminal.out,
    writeErr: terminal.error,
    outputError: (text) => {
      const said = new Failure('usage', text.replace(/^error: /, '').trim(), `See ${pathOf(command)} --help.`)
      tell(said, terminal)
    },
  })
  for (const below of command.commands) speakThrough(terminal, below)
}

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()

function explain(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // commander has said why
  if (!(error instanceof Failure)) throw error
  tell(error, terminal)
  return error.exitCode
}

function tell({ code, message, next }: Failure, { error, colour }: Terminal) {
  const mark = paint({ text: `error ${code}:`, style: 'red' }, colour.error)
  error(`${mark} ${paint(message, false)}\n${paint(next, false)}\n`)
}
