import type { Facts } from '@tradewind/protocol'
import type { SeedDevice } from '../cast'
import { between, chance } from '../chance'
import { type Absence, isPi, type NewFacts, type Plot, type Story, siteOf } from '../story'

const [minuteMs, dayMs] = [60_000, 86_400_000]
/** The ovens go on at the same hour each day; whoever looks now finds them on. */
const onSinceMs = 75 * minuteMs
const onForMs = 225 * minuteMs

/** The supply of one site gives way while the ovens run: Pi 5s see too few volts, slow down, and some restart. */
export const brownout: Story = {
  about:
    'the Pi 5s of one site see too few volts at the same hours each day: throttled, warmer, restarting; one is lost',
  devices: (fleet) => {
    const site = siteOf(fleet, 0)
    return fleet.filter((device) => device.labels.site === site && isPi(device)).slice(0, 40)
  },
  plot: (device, index, { nowMs, days, seed }): Plot => {
    const evenings = Array.from({ length: Math.ceil(days) }, (_, ago) => nowMs - onSinceMs - ago * dayMs)
    const isOn = (atMs: number) => evenings.some((fromMs) => atMs >= fromMs && atMs < fromMs + onForMs)
    return {
      absences: evenings.flatMap((fromMs, ago) => restarts(device, index, { fromMs, ago, nowMs, seed })),
      heat: (atMs) => (isOn(atMs) ? 7 : 0),
      load: (atMs) => (isOn(atMs) ? 1.2 : 1),
      reports: evenings.flatMap((fromMs, ago) =>
        volts(device, fromMs, between(4.48, 4.66, seed, device.num, ago), nowMs),
      ),
      speed: (atMs) => (isOn(atMs) ? 0.63 : 1),
    }
  },
}

/** Each evening some restart, more of them as the weeks go by. Of the last evening one has not come back yet. */
function restarts(
  { num }: SeedDevice,
  index: number,
  of: { fromMs: number; ago: number; nowMs: number; seed: number },
): Absence[] {
  const { fromMs, ago, nowMs, seed } = of
  if (ago === 0 && index === 1) return [{ fromMs: nowMs - 14 * minuteMs, toMs: Number.POSITIVE_INFINITY, how: 'lost' }]
  const times = chance(seed, num, ago, 'restarts') < 0.9 - ago * 0.05 ? 1 + Number(ago < 3) : 0
  return Array.from({ length: times }, (_, i): Absence => {
    const startMs = fromMs + (12 + 35 * i + between(0, 18, seed, num, ago, i)) * minuteMs
    return { fromMs: startMs, toMs: startMs + between(3, 8, seed, num, ago, i, 'for') * minuteMs, how: 'lost' }
  }).filter(({ toMs }) => toMs < nowMs)
}

/** What it says when the volts fall, and when they are back. */
function volts({ facts }: SeedDevice, fromMs: number, supplyVolts: number, nowMs: number): NewFacts[] {
  const said = (atMs: number, more: Partial<Facts>) => ({ atMs, facts: { ...facts, ...more } })
  const low = said(fromMs + 4 * minuteMs, {
    power: { supplyVolts: Math.round(supplyVolts * 1000) / 1000 },
    throttling: { now: ['undervoltage', 'throttled'], sinceBoot: ['undervoltage', 'throttled'] },
  })
  const well = said(fromMs + onForMs, { throttling: { now: [], sinceBoot: ['undervoltage', 'throttled'] } })
  const restarted = said(fromMs + dayMs / 2, {}) // in the night, as every night, which forgets what was since the boot
  return [low, well, restarted].filter(({ atMs }) => atMs < nowMs)
}
