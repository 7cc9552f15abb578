import { isWholeDisk } from '../host/disks'
import { isRealInterface } from '../host/interfaces'

/** The numbers at these places, or undefined when one is missing, no whole number, or too large to be exact. */
function numbersAt(fields: string[], places: number[]): number[] | undefined {
  const numbers = places.map((place) => {
    const field = fields[place] ?? ''
    return /^\d{1,16}$/.test(field) ? Number(field) : Number.NaN
  })
  return numbers.every(Number.isSafeInteger) ? numbers : undefined
}

/** [busy, idle] ticks of all cores. Waiting for a disk is idle; time the hypervisor took away is not. */
export function parseStat(text: string): Map<string, number[]> {
  const fields = /^cpu +(.*)$/m.exec(text)?.[1]?.split(' ') ?? []
  const numbers = numbersAt(fields, [0, 1, 2, 3, 4, 5, 6, 7])
  if (!numbers) return new Map()
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = numbers
  return new Map([['cpu', [user + nice + system + irq + softirq + steal, idle + iowait]]])
}

/** [read, written] bytes by whole disk. /proc/diskstats counts sectors of 512 bytes whatever the disk says. */
export function parseDiskstats(text: string): Map<string, number[]> {
  const disks = new Map<string, number[]>()
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/)
    const name = fields[2] ?? ''
    const sectors = isWholeDisk(name) ? numbersAt(fields, [5, 9]) : undefined
    if (sectors)
      disks.set(
        name,
        sectors.map((count) => count * 512),
      )
  }
  return disks
}

/** [received, sent] bytes by real interface. */
export function parseNetDev(text: string): Map<string, number[]> {
  const interfaces = new Map<string, number[]>()
  for (const [, name = '', counts = ''] of text.matchAll(/^\s*([^\s:|]+):\s*(\d.*)$/gm)) {
    const bytes = isRealInterface(name) ? numbersAt(counts.split(/\s+/), [0, 8]) : undefined
    if (bytes) interfaces.set(name, bytes)
  }
  return interfaces
}

/** The one-minute load of /proc/loadavg. */
export function parseLoad1(text: string): number | undefined {
  const load = /^(\d{1,7}\.\d\d) /.exec(text)?.[1]
  return load === undefined ? undefined : Number(load)
}
