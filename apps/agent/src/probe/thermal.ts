import type { Fact } from '@tradewind/protocol'
import { type Host, HostError, hasProc } from '../host/host'
import { readCelsius, thermalZonePaths } from '../host/thermal-zones'
import { Gaps, type Probe, textOf } from './gaps'

type Zone = Fact<'thermal'>['zones'][number]

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
  return { ...(zones.length > 0 ? { fact: { zones } } : {}), unreadable: gaps.list }
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
