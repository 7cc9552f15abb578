import type { Severity } from './problem'

export type Scale = {
  /** what the number is, and its unit */
  measures: string
  /** the direction in which it gets worse */
  worse: 'above' | 'below'
  /**
   * A severity is reached when the number is at `raise` or worse, and left when it is at `clear` or better. Between
   * the two it stays what it was, so that a number that trembles does not ring twice.
   */
  grades: Partial<Record<Severity, { raise: number; clear: number }>>
  /** where the thresholds come from */
  source: string
}

/** What samples say is read over this time: long enough for two of the batches that come once a minute. */
export const windowMs = 3 * 60_000

/** Of a larger disk no more counts: a tenth of this is still room for the smallest build. */
export const mostDiskBytes = 64 * 1024 ** 3

export const raspberryPiLimitCelsius = 85
export const celsiusBelowPowerOff = 5

const raspberryPi = 'Raspberry Pi documentation'
const judgement = 'our judgement'

/** The four bits differ only in what they mean, not in how they are counted. */
const bit = (now: Severity, sinceBoot: Severity): Scale => ({
  measures: '2 while it is so, 1 when it was so since the device booted',
  worse: 'above',
  grades: { [sinceBoot]: { raise: 1, clear: 0 }, [now]: { raise: 2, clear: 1 } },
  source: `${raspberryPi}: vcgencmd get_throttled, bits 0 to 3 and 16 to 19`,
})

/**
 * Every problem that health knows, and the only place with thresholds. Of two problems with one severity the person
 * should look first at the one that stands higher: causes stand before what they cause.
 */
export const scales = {
  lost: {
    measures: 'minutes without contact, the begun one included',
    worse: 'above',
    grades: { warning: { raise: 1, clear: 0 }, critical: { raise: 10, clear: 0 } },
    source: `${judgement}: a reboot takes less than ten minutes`,
  },
  undervoltage: bit('critical', 'warning'),
  'supply-low': {
    measures: 'volts at the 5 V input',
    worse: 'below',
    grades: { warning: { raise: 4.75, clear: 4.85 } },
    source: `USB allows 5 V less 5 %; ${raspberryPi}: below 4.63 V the board itself reports undervoltage`,
  },
  'engine-crash-loop': {
    measures: 'crashes of the engine in the last hour',
    worse: 'above',
    grades: { warning: { raise: 3, clear: 1 }, critical: { raise: 6, clear: 3 } },
    source: judgement,
  },
  'assignment-failed': {
    measures: '1 while the device says that it could not do what was assigned',
    worse: 'above',
    grades: { critical: { raise: 1, clear: 0 } },
    source: judgement,
  },
  hot: {
    measures: 'degrees Celsius that are left to the limit',
    worse: 'below',
    grades: { warning: { raise: 5, clear: 10 }, critical: { raise: 0, clear: 5 } },
    source: `${raspberryPi}: Arm cores are throttled from 80 °C, all from the limit of ${raspberryPiLimitCelsius} °C; elsewhere the limit is ${celsiusBelowPowerOff} °C below where the kernel powers off`,
  },
  throttled: bit('warning', 'notice'),
  'disk-low': {
    measures: 'share of the disk that is free; of a larger disk only 64 GiB count',
    worse: 'below',
    grades: { warning: { raise: 0.1, clear: 0.12 }, critical: { raise: 0.03, clear: 0.05 } },
    source: 'Kubernetes: nodefs.available below 10 % evicts',
  },
  'swap-thrash': {
    measures: 'share of memory and of swap that is in use, the lesser of the two',
    worse: 'above',
    grades: { warning: { raise: 0.8, clear: 0.7 }, critical: { raise: 0.9, clear: 0.8 } },
    source: 'systemd oomd.conf(5): SwapUsedLimit= is 90 % of both',
  },
  'memory-low': {
    measures: 'share of memory that is available',
    worse: 'below',
    grades: { warning: { raise: 0.1, clear: 0.15 }, critical: { raise: 0.05, clear: 0.1 } },
    source: `${judgement}: a tenth is what SwapUsedLimit= leaves`,
  },
  'memory-pressure': {
    measures: 'share of a minute in which some task waited for memory',
    worse: 'above',
    grades: { warning: { raise: 0.2, clear: 0.1 }, critical: { raise: 0.6, clear: 0.4 } },
    source: 'systemd oomd.conf(5): DefaultMemoryPressureLimit= is 60 %',
  },
  flapping: {
    measures: 'times that contact ended in the last hour',
    worse: 'above',
    grades: { warning: { raise: 4, clear: 1 } },
    source: judgement,
  },
  'worn-card': {
    measures: 'share of the rated life that is used',
    worse: 'above',
    grades: { warning: { raise: 0.8, clear: 0.75 }, critical: { raise: 1, clear: 0.95 } },
    source: 'JEDEC eMMC: life time is estimated in tenths, 1 is exceeded; it warns at 80 % of the reserved blocks',
  },
  'soft-temperature-limit': bit('warning', 'notice'),
  'frequency-capped': bit('warning', 'notice'),
  slow: {
    measures: 'share of the speed that the same build had on this device',
    worse: 'below',
    grades: { warning: { raise: 0.7, clear: 0.85 }, critical: { raise: 0.4, clear: 0.55 } },
    source: judgement,
  },
  'out-of-sync': {
    measures: 'minutes since the assignment, while the device has not applied it',
    worse: 'above',
    grades: { notice: { raise: 30, clear: 0 }, warning: { raise: 240, clear: 0 } },
    source: `${judgement}: 5 GB at 25 Mbit/s take half an hour`,
  },
  expiring: {
    measures: 'days that are left',
    worse: 'below',
    grades: {
      notice: { raise: 14, clear: 15 },
      warning: { raise: 7, clear: 8 },
      critical: { raise: 1, clear: 2 },
    },
    source: judgement,
  },
  unreadable: {
    measures: '2 for a fact that placement needs, 1 for one that health watches',
    worse: 'above',
    grades: { notice: { raise: 1, clear: 0 }, warning: { raise: 2, clear: 1 } },
    source: judgement,
  },
  'clock-off': {
    measures: 'seconds that the clock was off when the agent started',
    worse: 'above',
    grades: { notice: { raise: 300, clear: 60 }, warning: { raise: 86_400, clear: 3_600 } },
    source: `${judgement}: a day is enough for certificates of other servers to seem not yet or no longer valid`,
  },
} satisfies Record<string, Scale>

export type HealthCode = keyof typeof scales
export const healthCodes = Object.keys(scales) as HealthCode[]
