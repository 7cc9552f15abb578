import { type Host, HostError, hasProc } from '../host/host'
import { parseMeminfo } from '../host/meminfo'
import { Gaps, type Probe } from './gaps'

export const probeMemory: Probe<'memory'> = async (host) => {
  const gaps = new Gaps()
  const memory = await (hasProc(host) ? fromProc(host) : fromInventory(host))
  const swapTotalBytes = await gaps.part('memory.swapTotalBytes', async () => memory('SwapTotal'))
  return { fact: { totalBytes: memory('MemTotal'), swapTotalBytes }, unreadable: gaps.list }
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
