import type { Fact } from '@tradewind/protocol'
import { type Host, HostError } from '../host/host'
import { firstOf } from './gaps'

/**
 * How much of its rated life a disk has behind it, as it says itself. SD cards and virtual disks say nothing; SATA
 * disks say it in ways of their own, which nobody has written down: `not-present`.
 */
export async function readWear(host: Host, disk: string, kind: Fact<'storage'>['kind']): Promise<number> {
  if (kind === 'emmc') return ofEmmc(host, `/sys/block/${disk}/device/life_time`)
  if (kind === 'nvme') return ofNvme(host, disk)
  throw new HostError('not-present', `${disk}: disks of the kind ${kind} do not tell their wear`)
}

/** `0x01 0x03`: the tenth of its life that each kind of cell is in, 0x0b beyond the last; 0x00 is not said. */
async function ofEmmc(host: Host, path: string): Promise<number> {
  const text = (await host.readFile(path)).trim()
  const tenths = /^0x(0[0-9a-b]) 0x(0[0-9a-b])$/i
    .exec(text)
    ?.slice(1)
    .map((digits) => Number.parseInt(digits, 16))
  if (!tenths) throw new HostError('garbled', `${path}: ${text.slice(0, 40)}`)
  const worst = Math.max(...tenths)
  if (worst === 0) throw new HostError('not-present', `${path}: ${text}`)
  return Math.min(worst, 10) / 10
}

/** Both tools need to be root. A worn-out disk may say more than 100 %. */
async function ofNvme(host: Host, disk: string): Promise<number> {
  const text = await firstOf(
    () => host.run('smartctl', ['--json', '-A', `/dev/${disk}`], { timeoutMs: 5_000 }),
    () => host.run('nvme', ['smart-log', `/dev/${disk}`, '--output-format=json'], { timeoutMs: 5_000 }),
  )
  const percent = /"percent(?:age)?_used" *: *(\d{1,3})\b/.exec(text)?.[1]
  if (percent === undefined) throw new HostError('garbled', `smart log of ${disk}: no percentage used`)
  return Math.min(Number(percent), 100) / 100
}
