import type { Catalogue } from '@tradewind/protocol'
import type { FleetTotals } from '@tradewind/store'

export type VariantTotal = {
  /** of the catalogue; null: a demo, or a build that the catalogue does not know */
  variant: string | null
  name: string
  devices: number
  ready: number
}

/** What is served, by variant, the most first; what nothing is served by comes last, under no name. */
export function byVariant({ byBuild, devices }: FleetTotals, { builds, variants }: Catalogue): VariantTotal[] {
  const totals = new Map<string, VariantTotal>()
  for (const { build, demo, state, devices } of byBuild) {
    const variant = builds.find(({ id }) => id === build)?.variant ?? null
    const name = demo ? 'Demo model' : (variants.find(({ id }) => id === variant)?.name ?? build)
    const total = totals.get(name) ?? { variant, name, devices: 0, ready: 0 }
    totals.set(name, {
      ...total,
      devices: total.devices + devices,
      ready: total.ready + (state === 'ready' ? devices : 0),
    })
  }
  const served = [...totals.values()].toSorted((a, b) => b.devices - a.devices || a.name.localeCompare(b.name))
  const idle = devices - served.reduce((sum, one) => sum + one.devices, 0)
  return idle > 0 ? [...served, { variant: null, name: 'Nothing', devices: idle, ready: 0 }] : served
}
