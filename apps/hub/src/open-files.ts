import { readFile } from 'node:fs/promises'

/** How many files and sockets the system lets this process have open; infinite where it does not say (macOS). */
export async function readOpenFilesLimit(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
}
