import { readFile } from 'node:fs/promises'

/** Names one process for ever: its number alone is given anew after its end, and after a restart of the machine. */
export type ProcessMark = {
  pid: number
  /** clock ticks after the boot; null where the system does not say */
  born: string | null
  /** of this boot; null where the system does not say */
  boot: string | null
}

/** Tells one boot of the machine from the next; null where the system does not say. */
export const bootId = async (): Promise<string | null> =>
  (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null))?.trim() ?? null

export async function markOf(pid: number): Promise<ProcessMark> {
  return { pid, born: (await birth(pid)).born, boot: await bootId() }
}

/** Whether the process still runs. */
export async function isAlive({ pid, born, boot }: ProcessMark): Promise<boolean> {
  if (boot !== (await bootId()) || !isThere(pid)) return false
  const now = await birth(pid)
  return !now.isZombie && now.born === born
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // of another user, and alive
  }
}

async function birth(pid: number): Promise<{ born: string | null; isZombie: boolean }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // the name of the program stands in parentheses and may hold anything
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { born: fields?.[19] ?? null, isZombie: fields?.[0] === 'Z' }
}
