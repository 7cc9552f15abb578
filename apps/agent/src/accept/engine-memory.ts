import { readdir, readFile } from 'node:fs/promises'
import { residentBytesOf } from '../engine/resident-bytes'

/**
 * Bytes that the engine holds: that process which has one of the files mapped, with its children. Null where /proc does not
 * tell, or where nobody has (weights that were copied, or an engine elsewhere).
 */
export async function engineMemory(files: string[]): Promise<number | null> {
  const names = await readdir('/proc').catch((): string[] => [])
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    const maps = await readFile(`/proc/${pid}/maps`, 'utf8').catch(() => '')
    if (files.some((file) => maps.includes(file))) return residentBytesOf(Number(pid))
  }
  return null
}
