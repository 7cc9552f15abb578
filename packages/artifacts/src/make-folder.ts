import { mkdir } from 'node:fs/promises'
import path from 'node:path'

/** The folder and those above it, for their owner alone. Node's own `recursive` says ENOENT where the disk is read-only. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT') throw error
    await makeFolder(path.dirname(folder))
    await makeFolder(folder)
  }
}
