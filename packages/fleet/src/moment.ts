import type { Sent } from '@tradewind/protocol'

/** When something happened, by the clocks of the device. */
export type DeviceMoment = { boot: string; mono: number; at: number; clock: 'hub' | 'system' }

/**
 * The true time of something on a device, in the hub's milliseconds. Within one boot the distance on the monotonic
 * clock is exact, whatever the wall clock says. Across a boot a wall clock set by the hub is believed; a system clock
 * only as far as it puts the moment before the boot that sent it. Nothing is ever dated later than its receipt.
 */
export function dateMoment(moment: DeviceMoment, sent: Sent, receivedMs: number): number {
  const receipt = Math.floor(receivedMs)
  if (moment.boot === sent.boot) {
    const age = Math.max(0, Math.round(sent.mono - moment.mono))
    return Math.max(0, receipt - age)
  }
  const bootedMs = Math.max(0, receipt - Math.round(sent.mono))
  if (moment.clock === 'hub') return Math.min(moment.at, receipt)
  const wallIsPlausible = moment.at >= earliestPlausibleMs && moment.at <= bootedMs
  return wallIsPlausible ? moment.at : bootedMs
}

/** Before Tradewind existed no sample was taken: a wall clock below this was never set. */
const earliestPlausibleMs = 1_767_225_600_000 // 2026-01-01T00:00:00Z
