import { type Host, HostError } from '../host/host'
import { firstOf } from './gaps'

/** How strongly the interface hears its access point, in dBm. Throws a `HostError`. */
export async function readSignal(host: Host, name: string): Promise<number> {
  if (host.platform === 'android') return fromTermux(host)
  if (host.platform !== 'linux') throw new HostError('unsupported', `no way to read a signal on ${host.platform}`)
  return firstOf(
    () => fromProc(host, name),
    () => fromIw(host, name),
  )
}

/** ` wlan0: 0000   63.  -47.  -256  …`: link, level, noise. Some drivers give a level of 0 to 100 instead. */
async function fromProc(host: Host, name: string): Promise<number> {
  const path = '/proc/net/wireless'
  const lines = [...(await host.readFile(path)).matchAll(/^ *(\S+): +\w+ +\S+ +(\S+)/gm)]
  const level = lines.find(([, own]) => own === name)?.[2]
  if (level === undefined) throw new HostError('not-present', `${path}: no ${name}`)
  return dbmOf(level.replace(/\.$/, ''), path)
}

/** Kernels without the old interface (wext) still tell this tool. */
async function fromIw(host: Host, name: string): Promise<number> {
  const text = await host.run('iw', ['dev', name, 'link'], { timeoutMs: 5_000 })
  return dbmOf(/^\s*signal: (\S+) dBm/m.exec(text)?.[1], `iw dev ${name} link`)
}

/** The command waits for ever where the app Termux:API is not installed. */
async function fromTermux(host: Host): Promise<number> {
  const text = await host.run('termux-wifi-connectioninfo', [], { timeoutMs: 3_000 })
  return dbmOf(/"rssi" *: *(-?\d+)/.exec(text)?.[1], 'termux-wifi-connectioninfo')
}

/** Outside of -120 to -1 it is no signal: -127 is what Android says without one. */
function dbmOf(digits: string | undefined, from: string): number {
  const dbm = /^-\d{1,3}$/.test(digits ?? '') ? Number(digits) : Number.NaN
  if (!(dbm >= -120)) throw new HostError('not-present', `${from}: signal ${digits ?? 'not said'}`.slice(0, 120))
  return dbm
}
