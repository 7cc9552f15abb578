import type { Fact } from '@tradewind/protocol'
import { type Host, HostError, hasProc } from '../host/host'
import { parseMeminfo } from '../host/meminfo'
import { Gaps, type Probe } from './gaps'

export const probeMemory: Probe<'memory'> = async (host) => {
  const gaps = new Gaps()
  const memory = await (hasProc(host) ? fromProc(host) : fromInventory(host))
  const totalBytes = memory('MemTotal')
  const swapTotalBytes = await gaps.part('memory.swapTotalBytes', async () => memory('SwapTotal'))
  const swaps =
    hasProc(host) && swapTotalBytes ? await gaps.part('memory.swaps', () => readSwaps(host, gaps)) : undefined
  const pressure = await gaps.part('memory.pressure', () => readPressure(host))
  const parts = { ...(swaps ? { swaps } : {}), ...(pressure === undefined ? {} : { pressure }) }
  return { fact: { totalBytes, swapTotalBytes, ...parts }, unreadable: gaps.list }
}

type Lookup = (name: 'MemTotal' | 'SwapTotal') => number

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
  const { total, swaptotal } = await host.inventory('mem')
  return (name) => (name === 'MemTotal' ? total : swaptotal)
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
