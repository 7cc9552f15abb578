import { readFileSync } from 'node:fs'

/** Clock ticks per second in /proc/<pid>/stat: 100 on every Linux that Debian ships. */
const ticksPerSecond = 100

/**
 * CPU milliseconds of all threads since the process began, resident bytes now, and what it wrote: `writtenBytes` are
 * the pages that it made dirty, which go to the disk unless they are among the `cancelledBytes`, cut off before;
 * `writeCallBytes` is what it handed to write(), sockets included.
 */
export function usageOf(pid: number): {
  cpuMs: number
  rssBytes: number
  writtenBytes: number
  cancelledBytes: number
  writeCallBytes: number
} {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const io = readFileSync(`/proc/${pid}/io`, 'utf8')
  return {
    cpuMs: (ticks * 1000) / ticksPerSecond,
    rssBytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024,
    writtenBytes: Number(/^write_bytes: (\d+)/m.exec(io)?.[1]),
    cancelledBytes: Number(/^cancelled_write_bytes: (\d+)/m.exec(io)?.[1]),
    writeCallBytes: Number(/^wchar: (\d+)/m.exec(io)?.[1]),
  }
}

/** Resident bytes of a process where each page that others map too counts only by its share. */
export const proportionalBytesOf = (pid: number) =>
  Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) * 1024

export const median = (values: number[]) => percentile(values, 0.5)

/** The value below which the share `p` of them lies; NaN of none. */
export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN
}
