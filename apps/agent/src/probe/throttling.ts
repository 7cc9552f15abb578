import { type Fact, throttles } from '@tradewind/protocol'
import { type Host, HostError, hasProc } from '../host/host'
import { firstOf, type Probe } from './gaps'

export const probeThrottling: Probe<'throttling'> = async (host) => {
  if (!hasProc(host)) throw new HostError('unsupported', `no way to read throttling on ${host.platform}`)
  const bits = await firstOf(
    () => fromCommand(host),
    () => fromSys(host),
  )
  return { fact: factOf(bits), unreadable: [] }
}

async function fromCommand(host: Host): Promise<number> {
  const text = await host.run('vcgencmd', ['get_throttled'], { timeoutMs: 5_000 })
  return hexOf(/^throttled=0x(\S+)\s*$/.exec(text)?.[1], `vcgencmd get_throttled: ${text}`)
}

const sys = '/sys/devices/platform/soc/soc:firmware/get_throttled'

async function fromSys(host: Host): Promise<number> {
  const text = await host.readFile(sys)
  return hexOf(text.trim(), `${sys}: ${text}`)
}

function hexOf(digits: string | undefined, said: string): number {
  if (!digits || !/^[0-9a-f]{1,8}$/i.test(digits)) throw new HostError('garbled', said.slice(0, 120))
  return Number.parseInt(digits, 16)
}

/** Bits 0 to 3 tell what is the case now, bits 16 to 19 the same since the device booted. */
function factOf(bits: number): Fact<'throttling'> {
  const from = (first: number) => throttles.filter((_, i) => (bits >>> (first + i)) & 1)
  return { now: from(0), sinceBoot: from(16) }
}
