import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeFolder } from './make-folder'
import { isAlive, markOf, type ProcessMark } from './process-mark'
import { diskTrouble, fail } from './trouble'

type Owner = ProcessMark & { doing: string }

let made = 0
const ownName = (lock: string, what: string) => `${lock}.${what}.${process.pid}.${made++}`

/**
 * Changes the store alone: for as long as the action runs, and of all processes. A second writer gets `store-busy`; a lock whose owner
 * was killed is taken over. Throws an `ArtifactError`.
 */
export async function withLock<T>(lock: string, doing: string, action: () => Promise<T>): Promise<T> {
  try {
    await makeFolder(path.dirname(lock))
    await take(lock, doing)
  } catch (error) {
    throw diskTrouble(error)
  }
  try {
    return await action()
  } finally {
    await unlink(lock).catch(() => {})
  }
}

async function take(lock: string, doing: string) {
  const mine = ownName(lock, 'new')
  await writeFile(mine, JSON.stringify({ ...(await markOf(process.pid)), doing } satisfies Owner), { mode: 0o600 })
  try {
    // a link appears with all that is written, or fails when somebody was first
    while (!(await linked(mine, lock))) await removeIfStale(lock)
  } finally {
    await unlink(mine)
  }
}

async function linked(mine: string, lock: string): Promise<boolean> {
  try {
    await link(mine, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function removeIfStale(lock: string) {
  const text = await readFile(lock, 'utf8').catch(() => null)
  if (text === null) return // released meanwhile
  const owner = ownerOf(text)
  if (owner && (await isAlive(owner))) fail('store-busy', { pid: owner.pid, doing: owner.doing })
  // moved away first: of two who find it stale, one moves it and the other finds it gone or taken anew
  const aside = ownName(lock, 'stale')
  await rename(lock, aside).catch(() => {})
  if ((await readFile(aside, 'utf8').catch(() => text)) !== text) await link(aside, lock).catch(() => {})
  await unlink(aside).catch(() => {})
}

/** Null for what a power cut left of it. */
function ownerOf(text: string): Owner | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
