import { deratingOf, knownSpeeds, poolsOf, predictSpeed, type Speed } from '@tradewind/fleet'
import type { Catalogue } from '@tradewind/protocol'
import type { DeviceDetail } from '@tradewind/store'

/** What was expected of each build before this device measured it, by the build's id. */
export type Predictions = Record<string, Speed>

/** For every build that the device measured and the catalogue knows. */
export function predict(catalogue: Catalogue, { report, deviceClass, measured }: DeviceDetail): Predictions {
  if (!report || deviceClass === null) return {}
  const { facts } = report
  const [best] = poolsOf({ deviceClass, facts })
  const where = {
    facts,
    pool: best?.kind ?? 'memory',
    known: knownSpeeds(catalogue, facts),
    derating: deratingOf(facts),
  }
  return Object.fromEntries(
    measured.flatMap(({ build: id }) => {
      const build = catalogue.builds.find((one) => one.id === id)
      const variant = catalogue.variants.find((one) => one.id === build?.variant)
      return build && variant ? [[id, predictSpeed(variant, build, where)]] : []
    }),
  )
}
