import { readdirSync, readFileSync } from 'node:fs'

/** Bytes that a process and its children hold in memory, mapped weights included; null where /proc does not tell. */
export function residentBytesOf(pid: number): number | null {
  const children = new Map<number, number[]>()
  try {
    for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
      const parent = Number(statOf(Number(name))?.[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(name)])
    }
  } catch {
    return null
  }
  const all = [pid]
  for (const one of all) all.push(...(children.get(one) ?? []))
  const sizes = all.map(ownBytesOf)
  return sizes[0] === null ? null : sizes.reduce((sum: number, one) => sum + (one ?? 0), 0)
}

/** State and parent, after the name, which may hold anything. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

function ownBytesOf(pid: number): number | null {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kibibytes === undefined ? null : Number(kibibytes) * 1024
  } catch {
    return null
  }
}
