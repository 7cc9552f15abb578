import { type Files, HostError } from './host'

const folder = '/sys/class/thermal'

/** Paths of the zones, in the kernel's order; none where the kernel was built without them. */
export const thermalZonePaths = (host: Files) => numbered(host, 'thermal_zone')

/** Paths of what the kernel cools with: fans, and ways to slow the processor down. */
export const coolingDevicePaths = (host: Files) => numbered(host, 'cooling_device')

async function numbered(host: Files, prefix: string): Promise<string[]> {
  const names = await host.readDir(folder).catch((error: HostError): string[] => {
    if (error.code === 'not-present') return []
    throw error
  })
  const own = names.filter((name) => name.startsWith(prefix) && /^\d{1,6}$/.test(name.slice(prefix.length)))
  const numbers = own.map((name) => Number(name.slice(prefix.length)))
  return numbers.sort((a, b) => a - b).map((number) => `${folder}/${prefix}${number}`)
}

/** Sensors that are switched off answer with nonsense such as -274 °C: outside -50 to 200 it is no temperature. */
export async function readCelsius(host: Files, path: string): Promise<number> {
  const text = (await host.readFile(path)).trim()
  const celsius = /^-?\d{1,7}$/.test(text) ? Number(text) / 1000 : Number.NaN
  if (!(celsius >= -50 && celsius <= 200))
    throw new HostError('garbled', `${path}: ${JSON.stringify(text.slice(0, 40))}`)
  return celsius
}

/** Of the zones that can be read, degrees Celsius; undefined when there are none. */
export async function hottest(host: Files): Promise<number | undefined> {
  const zones = (await thermalZonePaths(host)).map((path) => readCelsius(host, `${path}/temp`).catch(() => Number.NaN))
  const temperatures = (await Promise.all(zones)).filter((celsius) => !Number.isNaN(celsius))
  return temperatures.length > 0 ? Math.max(...temperatures) : undefined
}
