import { readdir, readFile, unlink } from 'node:fs/promises'
import path from 'node:path'
import { writeWhole } from '@tradewind/disk'
import { makeFolder } from './make-folder'
import { isAlive, markOf, type ProcessMark } from './process-mark'

let made = 0

/** Who uses which build, across processes: one small file each. Those of processes that were killed do not count. */
export class Holds {
  constructor(private folder: string) {}

  /** Returns how to let go. Throws the system's errors. */
  async add(build: string): Promise<() => Promise<void>> {
    await makeFolder(this.folder)
    const file = path.join(this.folder, `${build}@${process.pid}-${made++}`)
    await writeWhole(file, JSON.stringify(await markOf(process.pid)))
    return () => unlink(file).catch(() => {})
  }

  /** Process numbers by build; clears away what the dead left. */
  async all(): Promise<Map<string, number[]>> {
    const holds = new Map<string, number[]>()
    for (const name of await readdir(this.folder).catch(() => [])) {
      const build = name.slice(0, name.indexOf('@'))
      const mark = await this.#markIn(name)
      if (mark && (await isAlive(mark))) holds.set(build, [...(holds.get(build) ?? []), mark.pid])
      else if (mark) await unlink(path.join(this.folder, name)).catch(() => {})
    }
    return holds
  }

  /** Null while it is being written. */
  async #markIn(name: string): Promise<ProcessMark | null> {
    try {
      return JSON.parse(await readFile(path.join(this.folder, name), 'utf8'))
    } catch {
      return null
    }
  }
}
