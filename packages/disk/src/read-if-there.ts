import { readFile } from 'node:fs/promises'

/** The text of a file, or null when there is none. Any other trouble is thrown: it is not the same as absence. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
