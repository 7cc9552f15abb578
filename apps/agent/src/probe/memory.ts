import type { Fact } from '@tradewind/protocol'
import { type Host, HostError, hasProc } from '../host/host'
import { parseMeminfo } from '../host/meminfo'
import { Gaps, type Probe, present, readRate, textOf } from './gaps'

export const probeMemory: Probe<'memory'> = async (host) => {
  const gaps = new Gaps()
  const memory = await (hasProc(host) ? fromProc(host) : fromInventory(host))
  const totalBytes = memory('MemTotal')
  const swapTotalBytes = await gaps.part('memory.swapTotalBytes', async () => memory('SwapTotal'))
  const swaps =
    hasProc(host) && swapTotalBytes ? await gaps.part('memory.swaps', () => readSwaps(host, gaps)) : undefined
  const pressure = await gaps.part('memory.pressure', () => readPressure(host))
  const availableBytes = await gaps.part('memory.availableBytes', async () => memory('MemAvailable'))
  const bandwidthBytesPerSecond = await gaps.part('memory.bandwidthBytesPerSecond', () =>
    readRate(host, 'memory-bandwidth'),
  )
  const holders = await gaps.part('memory.holders', () => readHolders(host, totalBytes))
  const parts = { swaps, pressure, availableBytes, bandwidthBytesPerSecond, holders }
  return { fact: { totalBytes, swapTotalBytes, ...present(parts) }, unreadable: gaps.list }
}

type Lookup = (name: 'MemTotal' | 'MemAvailable' | 'SwapTotal') => number

async function fromProc(host: Host): Promise<Lookup> {
  const bytes = parseMeminfo(await host.readFile('/proc/meminfo'))
  return (name) => {
    const value = bytes.get(name)
    if (value === undefined || (name === 'MemTotal' && value === 0))
      throw new HostError('garbled', `/proc/meminfo: no ${name}`)
    return value
  }
}

async function fromInventory(host: Host): Promise<Lookup> {
  const { total, available, swaptotal } = await host.inventory('mem')
  const bytes = { MemTotal: total, MemAvailable: available, SwapTotal: swaptotal }
  return (name) => {
    if (!Number.isSafeInteger(bytes[name])) throw new HostError('garbled', `inventory mem: no ${name}`)
    return bytes[name]
  }
}

/** Whoever holds a sixteenth of the memory decides whether a model fits beside it. */
async function readHolders(host: Host, totalBytes: number): Promise<NonNullable<Fact<'memory'>['holders']>> {
  const programs = await host.largestPrograms()
  return programs
    .filter(({ residentBytes }) => residentBytes >= totalBytes / 16)
    .map(({ name, residentBytes }) => ({ name: textOf(name, 'name of a program'), bytes: residentBytes }))
}

type Swap = NonNullable<Fact<'memory'>['swaps']>[number]

/** `/dev/zram0 partition 2097136 0 100`: sizes in KiB, spaces in names written as \040. */
async function readSwaps(host: Host, gaps: Gaps): Promise<Swap[]> {
  const lines = [...(await host.readFile('/proc/swaps')).matchAll(/^(\S+)\s+(partition|file)\s+(\d{1,12})\s/gm)]
  if (lines.length === 0) throw new HostError('garbled', '/proc/swaps: no swap, but /proc/meminfo has some')
  const swaps = lines.map(([, name = '', type, kibibytes]): Swap => {
    const kind = /^\/dev\/(block\/)?zram\d+$/.test(name) ? 'zram' : (type as 'partition' | 'file')
    return { kind, totalBytes: Number(kibibytes) * 1024 }
  })
  return gaps.atMost(16, 'memory.swaps', swaps)
}

/** Kernels may be built to measure it only when booted with psi=1, as those of Raspberry Pi OS are. */
async function readPressure(host: Host): Promise<number> {
  if (!hasProc(host)) throw new HostError('unsupported', `no way to read memory pressure on ${host.platform}`)
  const path = '/proc/pressure/memory'
  const percent = Number(/^some .*\bavg60=(\d{1,3}\.\d{2})\b/m.exec(await host.readFile(path))?.[1])
  if (!(percent <= 100)) throw new HostError('garbled', `${path}: no average of some`)
  return percent / 100
}
