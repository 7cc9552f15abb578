import type { Facts } from '@tradewind/protocol'
import { between } from '../chance'
import { isPi, type NewFacts, type Plot, type Story, siteOf } from '../story'

const dayMs = 86_400_000
/** For how many days it has been getting warmer, and by how much on the last of them, in degrees Celsius. */
const lasts = 8
const warmest = 19

/** Two sites under one roof without shade: each day is warmer than the one before, and the hottest hour is now. */
export const heatwave: Story = {
  about: 'the Pi 5s of two sites get warmer from day to day: hot, throttled, and slower than they were',
  devices: (fleet) => {
    const hotSites = [siteOf(fleet, 0), siteOf(fleet, 1)]
    return fleet.filter((device) => hotSites.includes(device.labels.site) && isPi(device)).slice(0, 60)
  },
  plot: (device, _index, { nowMs, days, seed }): Plot => {
    const shade = between(0.75, 1.1, seed, device.num, 'shade')
    const heat = (atMs: number) => {
      const day = Math.max(0, 1 - (nowMs - atMs) / dayMs / Math.min(lasts, days))
      const hour = 0.72 + 0.28 * Math.cos(((nowMs - atMs) / dayMs) * 2 * Math.PI)
      return warmest * shade * day * hour
    }
    return {
      absences: [],
      heat,
      load: () => 1,
      reports: throttledLately(device.facts, nowMs),
      speed: (atMs) => 1 - 0.45 * Math.min(1, heat(atMs) / warmest),
    }
  },
}

/** The last three afternoons it said that it throttles. */
function throttledLately(facts: Facts, nowMs: number): NewFacts[] {
  const seen = ['frequency-capped', 'throttled', 'soft-temperature-limit'] as const
  const hot = (atMs: number, celsius: number): NewFacts => ({
    atMs,
    facts: {
      ...facts,
      throttling: { now: ['throttled', 'soft-temperature-limit'], sinceBoot: [...seen] },
      thermal: { ...facts.thermal, zones: (facts.thermal?.zones ?? []).map((zone) => ({ ...zone, celsius })) },
    },
  })
  const cool = (atMs: number): NewFacts => ({
    atMs,
    facts: { ...facts, throttling: { now: [], sinceBoot: [...seen] } },
  })
  return [2, 1, 0].flatMap((ago) => [
    hot(nowMs - ago * dayMs - 3_600_000, 83.4 - ago * 1.5),
    ...(ago > 0 ? [cool(nowMs - ago * dayMs + 4 * 3_600_000)] : []),
  ])
}
