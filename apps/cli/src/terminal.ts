import { createInterface } from 'node:readline/promises'

/** Where a command speaks and what it knows of its surroundings; tests bring their own. */
export type Terminal = {
  out: (text: string) => void
  error: (text: string) => void
  env: Record<string, string | undefined>
  /** whether standard output and standard error take colour */
  colour: { out: boolean; error: boolean }
  /** milliseconds since 1970 */
  now: () => number
  /** lets time pass, in milliseconds; absent: real time */
  sleep?: (ms: number) => Promise<void>
  /** asks a person yes or no; absent when nobody is there to answer */
  confirm?: (question: string) => Promise<boolean>
}

/** Colour only where a person looks, and never against NO_COLOR (https://no-color.org). */
export const takesColour = (stream: { isTTY?: boolean }, env: Terminal['env']) =>
  stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process
  stdout.on('error', stopWhenNobodyReads)
  return {
    out: (text) => stdout.write(text),
    error: (text) => stderr.write(text),
    env,
    colour: { out: takesColour(stdout, env), error: takesColour(stderr, env) },
    now: Date.now,
    ...(stdin.isTTY && stderr.isTTY ? { confirm: askOnTerminal } : {}),
  }
}

/** `tradewind devices list | head` has read enough: no failure. */
function stopWhenNobodyReads(error: NodeJS.ErrnoException) {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

async function askOnTerminal(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } finally {
    lines.close()
  }
}
