import { commandsOf } from './commands'
import { run } from './run'
import type { Terminal } from './terminal'

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
  return { exitCode: await run(args, commandsOf(terminal), terminal), ...said }
}
