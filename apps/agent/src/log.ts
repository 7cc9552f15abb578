import pino, { type Logger } from 'pino'

const mostLines = 500

/** The agent's log: JSON lines on stdout, the last of them in memory for whoever asks from afar. */
export function openLog(level: string): { log: Logger; lastLines: (most: number) => string[] } {
  const lines: string[] = []
  const keep = {
    write(line: string) {
      process.stdout.write(line)
      lines.push(line.trimEnd().slice(0, 2000))
      if (lines.length > mostLines) lines.shift()
    },
  }
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, keep)
  return { log, lastLines: (most) => lines.slice(-most) }
}
