import { access, constants } from 'node:fs/promises'
import path from 'node:path'

/** The path of a program that can be run: as given when it has a folder, else from the PATH. Null when there is none. */
export async function findProgram(name: string): Promise<string | null> {
  const folders = name.includes(path.sep) ? [''] : (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  for (const folder of folders) {
    const file = path.join(folder, name)
    if (await canRun(file)) return file
  }
  return null
}

const canRun = (file: string) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
