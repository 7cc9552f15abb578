import { type Files, HostError } from './host'

const folder = '/sys/class/thermal'

/** Paths of the zones, in the kernel's order; none where the kernel was built without them. */
export async function thermalZonePaths(host: Files): Promise<string[]> {
  const names = await host.readDir(folder).catch((error: HostError): string[] => {
    if (error.code === 'not-present') return []
    throw error
  })
  const numbers = names.flatMap((name) => /^thermal_zone(\d{1,6})$/.exec(name)?.[1] ?? []).map(Number)
  return numbers.sort((a, b) => a - b).map((number) => `${folder}/thermal_zone${number}`)
}

/** Sensors that are switched off answer with nonsense such as -274 °C: outside -50 to 200 it is no temperature. */
export async function readCelsius(host: Files, path: string): Promise<number> {
  const text = (await host.readFile(path)).trim()
  const celsius = /^-?\d{1,7}$/.test(text) ? Number(text) / 1000 : Number.NaN
  if (!(celsius >= -50 && celsius <= 200))
    throw new HostError('garbled', `${path}: ${JSON.stringify(text.slice(0, 40))}`)
  return celsius
}
