import type { Fact } from '@tradewind/protocol'
import { type Host, HostError, hasProc } from '../host/host'
import { Gaps, type Probe, readWhole } from './gaps'

type Battery = NonNullable<Fact<'power'>['batteries']>[number]

export const probePower: Probe<'power'> = async (host) => {
  const gaps = new Gaps()
  const fact = await (hasProc(host) ? fromLinux(host, gaps) : fromInventory(host))
  if (Object.keys(fact).length > 0) return { fact, unreadable: gaps.list }
  if (gaps.list.length === 0)
    throw new HostError('not-present', 'no battery, no mains adapter and no power chip of a Pi 5 was found')
  return { unreadable: gaps.list }
}

async function fromLinux(host: Host, gaps: Gaps): Promise<Fact<'power'>> {
  const supplies = (await gaps.maybe('power.supplies', () => readSupplies(host, gaps))) ?? []
  const supplyVolts = await gaps.maybe('power.supplyVolts', () => readSupplyVolts(host))
  return { ...factOf(supplies, gaps), ...(supplyVolts === undefined ? {} : { supplyVolts }) }
}

type Supply = { online: boolean } | { battery: Battery; drains: boolean }

const folder = '/sys/class/power_supply'

async function readSupplies(host: Host, gaps: Gaps): Promise<Supply[]> {
  const names = gaps.atMost(16, 'power.supplies', await host.readDir(folder))
  const supplies = names.map((name) => gaps.part(`power.${name}`, () => readSupply(host, name, gaps)))
  return (await Promise.all(supplies)).flatMap((supply) => supply ?? [])
}

async function readSupply(host: Host, name: string, gaps: Gaps): Promise<Supply | undefined> {
  const read = (file: string) => host.readFile(`${folder}/${name}/${file}`).then((text) => text.trim())
  // the battery of a mouse or a headset is not the host's
  const scope = await gaps.maybe(`power.${name}.scope`, () => read('scope'))
  if (scope === 'Device') return undefined
  const type = await read('type')
  if (type !== 'Battery' && type !== 'UPS') return { online: (await read('online')) === '1' }
  const status = await gaps.part(`power.${name}.charging`, () => read('status'))
  const level = await gaps.part(`power.${name}.level`, () => readLevel(host, name))
  return { battery: batteryOf(level, status), drains: status === 'Discharging' }
}

async function readLevel(host: Host, name: string): Promise<number> {
  const path = `${folder}/${name}/capacity`
  const percent = await readWhole(host, path)
  if (percent > 100) throw new HostError('garbled', `${path}: ${percent}`)
  return percent / 100
}

const charging: Record<string, boolean> = { Charging: true, Discharging: false, 'Not charging': false, Full: false }

function batteryOf(level: number | undefined, status = 'Unknown'): Battery {
  const isCharging = charging[status]
  return { ...(level === undefined ? {} : { level }), ...(isCharging === undefined ? {} : { charging: isCharging }) }
}

function factOf(supplies: Supply[], gaps: Gaps): Fact<'power'> {
  const batteries = supplies.flatMap((supply) => ('battery' in supply ? supply.battery : []))
  const kept = gaps.atMost(4, 'power.batteries', batteries)
  return { ...sourceOf(supplies), ...(kept.length > 0 ? { batteries: kept } : {}) }
}

function sourceOf(supplies: Supply[]): Pick<Fact<'power'>, 'source'> {
  if (supplies.some((supply) => 'online' in supply && supply.online)) return { source: 'external' }
  return supplies.some((supply) => 'drains' in supply && supply.drains) ? { source: 'battery' } : {}
}

/** Only the power chip of a Pi 5 measures its input; older boards answer that they know no such command. */
async function readSupplyVolts(host: Host): Promise<number> {
  const text = await host.run('vcgencmd', ['pmic_read_adc', 'EXT5V_V'], { timeoutMs: 5_000 })
  const volts = /\bEXT5V_V volt\(\d+\)=(\d{1,2}\.\d{1,10})V/.exec(text)?.[1]
  if (volts === undefined) throw new HostError('not-present', `vcgencmd pmic_read_adc EXT5V_V: ${text.slice(0, 80)}`)
  return Math.round(Number(volts) * 1000) / 1000
}

async function fromInventory(host: Host): Promise<Fact<'power'>> {
  const { hasBattery, percent, isCharging, acConnected } = await host.inventory('battery')
  if (!hasBattery) return {}
  return { source: acConnected ? 'external' : 'battery', batteries: [{ level: percent / 100, charging: isCharging }] }
}
