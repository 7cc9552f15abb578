import { devicesCommand } from './devices/command'
import { loginCommand } from './login'
import { estimateCommand, explainCommand, modelsCommand } from './models/command'
import { run } from './run'
import type { Terminal } from './terminal'
import { tokenCommand } from './token/command'

export const now = Date.UTC(2026, 10, 24, 12)
export type Outcome = { exitCode: number; out: string; error: string }

/** Runs one command line as the program does, and keeps what it said. For tests. */
export async function tradewind(args: string[], more: Partial<Terminal> & Pick<Terminal, 'env'>): Promise<Outcome> {
  const said = { out: '', error: '' }
  const terminal: Terminal = {
    out: (text) => {
      said.out += text
    },
    error: (text) => {
      said.error += text
    },
    colour: { out: false, error: false },
    now: () => now,
    ...more,
  }
  const commands = [
    loginCommand(terminal),
    tokenCommand(terminal),
    devicesCommand(terminal),
    modelsCommand(terminal),
    estimateCommand(terminal),
    explainCommand(terminal),
  ]
  return { exitCode: await run(args, commands, terminal), ...said }
}
