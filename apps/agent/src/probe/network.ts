import type { Fact } from '@tradewind/protocol'
import { type Host, hasProc } from '../host/host'
import { isRealInterface } from '../host/interfaces'
import { Gaps, type Probe, present, textOf } from './gaps'
import { readSignal } from './signal'

type Interface = Fact<'network'>['interfaces'][number]
const net = '/sys/class/net'

export const probeNetwork: Probe<'network'> = async (host) => {
  const gaps = new Gaps()
  const addresses = (await gaps.part('network.addresses', () => host.addresses())) ?? {}
  const kinds = await (hasProc(host) ? kindsOfSys(host, gaps, addresses) : kindsOfInventory(host, gaps, addresses))
  const interfaces = gaps.atMost(16, 'network.interfaces', [...kinds]).map(async ([name, kind]) => ({
    name,
    kind,
    addresses: gaps.atMost(8, `network.${name}`, addresses[name] ?? []),
    ...(isOnAir(host, name, kind, addresses) ? await signalOf(host, name, gaps) : {}),
  }))
  return {
    fact: { hostname: textOf(host.hostname, 'hostname'), interfaces: await Promise.all(interfaces) },
    unreadable: gaps.list,
  }
}

/** A radio link, and in use. Android hides the kinds of interfaces, but names them alike. */
const isOnAir = (host: Host, name: string, kind: Interface['kind'], addresses: Addresses) =>
  (kind === 'wifi' || (host.platform === 'android' && /^wlan\d/.test(name))) && (addresses[name] ?? []).length > 0

async function signalOf(host: Host, name: string, gaps: Gaps) {
  return present({ signalDbm: await gaps.part(`network.${name}.signalDbm`, () => readSignal(host, name)) })
}

type Addresses = Record<string, string[]>
type Kinds = Map<string, Interface['kind']>

/** Some sandboxes hide /sys/class/net: the interfaces that have addresses are known all the same. */
async function kindsOfSys(host: Host, gaps: Gaps, addresses: Addresses): Promise<Kinds> {
  const names = await gaps.part('network.kinds', () => host.readDir(net))
  const real = (names ?? Object.keys(addresses)).filter(isRealInterface)
  const kinds = real.map(
    async (name) => [name, (await gaps.part(`network.${name}.kind`, () => kindOf(host, name))) ?? 'other'] as const,
  )
  return new Map(await Promise.all(kinds))
}

async function kindOf(host: Host, name: string): Promise<Interface['kind']> {
  const entries = await host.readDir(`${net}/${name}`)
  if (entries.includes('wireless') || entries.includes('phy80211')) return 'wifi'
  const arpType = await host.readFile(`${net}/${name}/type`)
  return arpType.trim() === '1' ? 'ethernet' : 'other'
}

async function kindsOfInventory(host: Host, gaps: Gaps, addresses: Addresses): Promise<Kinds> {
  const listed = (await gaps.part('network.kinds', () => host.inventory('networkInterfaces'))) ?? []
  const typeOf = (name: string) => listed.find(({ iface }) => iface === name)?.type
  const kinds = { wired: 'ethernet', wireless: 'wifi' } as const
  const real = Object.keys(addresses).filter(isRealInterface)
  return new Map(real.map((name) => [name, kinds[typeOf(name) as keyof typeof kinds] ?? 'other']))
}
