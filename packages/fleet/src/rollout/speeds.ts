import type { BuildSpeed } from '@tradewind/protocol'

export type MeasuredSpeed = BuildSpeed & { build: string; deviceClass: string }

/** The median of what the devices of a class measured of a build, by build and class; nothing where nobody did. */
export function classSpeeds(all: MeasuredSpeed[]): (build: string, deviceClass: string) => BuildSpeed | null {
  const groups = new Map<string, MeasuredSpeed[]>()
  for (const one of all) {
    const name = `${one.build} ${one.deviceClass}`
    const group = groups.get(name)
    if (group) group.push(one)
    else groups.set(name, [one])
  }
  const medians = new Map([...groups].map(([name, group]) => [name, medianOf(group)]))
  return (build, deviceClass) => medians.get(`${build} ${deviceClass}`) ?? null
}

const medianOf = (speeds: BuildSpeed[]): BuildSpeed => ({
  generationPerSecond: median(speeds.map((one) => one.generationPerSecond)),
  realTimeFactor: median(speeds.map((one) => one.realTimeFactor)),
})

function median(values: (number | undefined)[]): number | undefined {
  const known = values.filter((one) => one !== undefined).sort((a, b) => a - b)
  return known[Math.floor(known.length / 2)]
}
