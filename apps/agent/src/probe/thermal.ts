import type { Fact } from '@tradewind/protocol'
import { type Host, HostError, hasProc } from '../host/host'
import { coolingDevicePaths, readCelsius, thermalZonePaths } from '../host/thermal-zones'
import { Gaps, type Probe, readWhole, textOf } from './gaps'

type Zone = Fact<'thermal'>['zones'][number]
type Fan = NonNullable<Fact<'thermal'>['fans']>[number]

export const probeThermal: Probe<'thermal'> = async (host) => {
  if (!hasProc(host)) throw new HostError('unsupported', `no way to read temperatures on ${host.platform}`)
  const gaps = new Gaps()
  const paths = await thermalZonePaths(host)
  if (paths.length === 0) throw new HostError('not-present', 'no zones in /sys/class/thermal')
  const zones: Zone[] = []
  for (const path of gaps.atMost(32, 'thermal.zones', paths)) {
    const zone = await gaps.part(`thermal.${path.split('/').at(-1)}`, () => readZone(host, path, gaps))
    if (zone) zones.push(zone)
  }
  const fans = await readFans(host, gaps)
  const fact = { zones, ...(fans.length > 0 ? { fans } : {}) }
  return { ...(zones.length > 0 ? { fact } : {}), unreadable: gaps.list }
}

async function readZone(host: Host, path: string, gaps: Gaps): Promise<Zone> {
  const name = textOf(await host.readFile(`${path}/type`), `${path}/type`)
  const celsius = await readCelsius(host, `${path}/temp`)
  const criticalCelsius = await gaps.part(`thermal.${name}.criticalCelsius`, () => readCritical(host, path))
  return { name, celsius, ...(criticalCelsius === undefined ? {} : { criticalCelsius }) }
}

/** Most zones have no critical trip point: its absence is no gap. */
async function readCritical(host: Host, path: string): Promise<number | undefined> {
  const names = await host.readDir(path)
  for (const name of names.filter((file) => /^trip_point_\d{1,3}_type$/.test(file))) {
    const type = await host.readFile(`${path}/${name}`)
    if (type.trim() === 'critical') return readCelsius(host, `${path}/${name.replace('_type', '_temp')}`)
  }
}

async function readFans(host: Host, gaps: Gaps): Promise<Fan[]> {
  const fans: Fan[] = []
  for (const path of await coolingDevicePaths(host)) {
    const fan = await gaps.part(`thermal.${path.split('/').at(-1)}`, () => readFan(host, path))
    if (fan) fans.push(fan)
  }
  return gaps.atMost(8, 'thermal.fans', fans)
}

/** Most cooling devices are no fans but ways to slow the processor down. */
async function readFan(host: Host, path: string): Promise<Fan | undefined> {
  if ((await host.readFile(`${path}/type`)).trim() !== 'pwm-fan') return undefined
  const level = await readWhole(host, `${path}/cur_state`)
  const maxLevel = await readWhole(host, `${path}/max_state`)
  if (maxLevel === 0) throw new HostError('garbled', `${path}/max_state: 0`)
  return { level, maxLevel }
}
