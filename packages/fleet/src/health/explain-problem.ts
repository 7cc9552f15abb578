import type { HealthProblem } from './problem'
import type { HealthCode } from './scales'

export type ExplainedProblem = {
  /** one line, with the numbers */
  title: string
  /** what it leads to when nothing is done */
  means: string
  /** what a person should do */
  toDo: string
}

type Prose = {
  /** of the code, whatever its numbers: for lists and filters */
  name: string
  title: (shown: Shown) => string
  means: string
  toDo: string
}
type Shown = {
  /** a number with its unit, by its name */
  of: (name: string) => string
  about: string
  isNow: boolean
  hasEnded: boolean
}

/** The only place where health is put into words. Never throws: a number that is missing is shown as unknown. */
export function explainProblem(problem: HealthProblem): ExplainedProblem {
  const { title, means, toDo } = prose[problem.code]
  return { title: title(shownOf(problem)), means, toDo }
}

/** What each problem is called, what it means and what to do about it, whatever its numbers. */
export const meaningOf = (code: HealthCode) => ({
  name: prose[code].name,
  means: prose[code].means,
  toDo: prose[code].toDo,
})

const prose: Record<HealthCode, Prose> = {
  lost: {
    name: 'Lost',
    title: ({ of }) => `Lost for ${of('seconds')}`,
    means: 'The device went silent without saying goodbye. What it serves on its own network may still work.',
    toDo: 'Check its power and its network; then look at its last samples for heat, memory or disk.',
  },
  undervoltage: {
    name: 'Weak power supply',
    title: ({ isNow }) =>
      isNow ? 'The power supply is too weak' : 'The power supply was too weak since the last boot',
    means: 'The board slows down, may reset, and may damage what is written to its card.',
    toDo: 'Use the supply made for the board (27 W for a Raspberry Pi 5) and a short cable; unplug what draws from USB.',
  },
  'supply-low': {
    name: 'Low input voltage',
    title: ({ of }) => `The 5 V input has ${of('volts')}`,
    means: 'Under load it will fall further, and the board will report undervoltage.',
    toDo: 'Use the supply made for the board and a short, thick cable.',
  },
  'engine-crash-loop': {
    name: 'Engine keeps crashing',
    title: ({ of }) => `The engine crashed ${of('crashes')} times in an hour`,
    means: 'Requests fail while it loads its weights again.',
    toDo: 'Read the logs of the device. When memory ran out, assign a smaller context or a smaller variant.',
  },
  'assignment-failed': {
    name: 'Assignment failed',
    title: ({ about, of }) => `Revision ${of('assignedRevision')} could not be applied: ${about}`,
    means: 'The device goes on with what it had before, if it had anything.',
    toDo: 'Mend what the code names, or assign something else.',
  },
  hot: {
    name: 'Hot',
    title: ({ of }) => `${of('celsius')}, of at most ${of('limitCelsius')}`,
    means: 'Its processor slows down to save itself, and so does what it serves.',
    toDo: 'Give it air: a fan, a heat sink, a case with openings, a cooler place.',
  },
  throttled: {
    name: 'Throttled',
    title: ({ isNow }) => `The processor ${isNow ? 'is throttled' : 'was throttled since the last boot'}`,
    means: 'It runs slower than it could because of heat or of a weak supply.',
    toDo: 'Look at the temperature and the supply first. What is since boot goes with the next reboot.',
  },
  'disk-low': {
    name: 'Disk nearly full',
    title: ({ of }) => `${of('freeBytes')} of disk are left`,
    means: 'No further build can be fetched; when it is full, samples are kept in memory only.',
    toDo: 'Delete what is not needed, or use a larger disk.',
  },
  'swap-thrash': {
    name: 'Memory and swap nearly full',
    title: ({ of }) => `Memory and swap are both ${of('usedShare')} in use`,
    means: 'The device is busy with moving memory about and may kill the engine next.',
    toDo: 'Stop what else runs there, or assign a smaller context or a smaller variant.',
  },
  'memory-low': {
    name: 'Little memory left',
    title: ({ of }) => `${of('availableShare')} of memory are available`,
    means: 'The next larger request may swap or be killed.',
    toDo: 'Stop what else runs there, or assign a smaller context or a smaller variant.',
  },
  'memory-pressure': {
    name: 'Waits for memory',
    title: ({ of }) => `Tasks waited for memory in ${of('waitingShare')} of a minute`,
    means: 'Everything on the device is slower than its processor would allow.',
    toDo: 'Stop what else runs there, or assign a smaller context or a smaller variant.',
  },
  flapping: {
    name: 'Contact comes and goes',
    title: ({ of }) => `Contact ended ${of('departures')} times in an hour`,
    means: 'It works, but its network or its power does not hold.',
    toDo: 'Look at the strength of its radio link, its cable, its supply, and at whether it reboots.',
  },
  'worn-card': {
    name: 'Worn storage',
    title: ({ of }) => `${of('usedShare')} of the rated life of its storage are used`,
    means: 'It may turn read-only or lose data without further warning.',
    toDo: 'Replace it, and enrol the device with a token made for it.',
  },
  'soft-temperature-limit': {
    name: 'Soft temperature limit',
    title: ({ isNow }) =>
      isNow ? 'The soft temperature limit is reached' : 'The soft temperature limit was reached since the last boot',
    means: 'The board has begun to slow down because of heat.',
    toDo: 'Give it air. What is since boot goes with the next reboot.',
  },
  'frequency-capped': {
    name: 'Frequency capped',
    title: ({ isNow }) => `The frequency ${isNow ? 'is capped' : 'was capped since the last boot'}`,
    means: 'The firmware holds the processor below its full speed.',
    toDo: 'Look at the temperature and the supply first. What is since boot goes with the next reboot.',
  },
  slow: {
    name: 'Slower than it was',
    title: ({ of }) => `${of('tokensPerSecond')}, was ${of('baselineTokensPerSecond')}`,
    means: 'The same build on the same device was faster: something holds it back.',
    toDo: 'Look for heat, a weak supply, little memory, and for other programs.',
  },
  'out-of-sync': {
    name: 'Out of sync',
    title: ({ of }) => `Does not yet do what it should, after ${of('minutes')}`,
    means: 'It goes on with what it had before.',
    toDo: 'When it is online, read its logs; a slow download is only slow.',
  },
  expiring: {
    name: 'Something expires',
    title: ({ about, of, hasEnded }) => (hasEnded ? `${about} has ended` : `${about} ends in ${of('days')}`),
    means: 'What relies on it will stop working.',
    toDo: 'Renew it before.',
  },
  unreadable: {
    name: 'Something cannot be read',
    title: ({ about }) => `Cannot read: ${about}`,
    means: 'Placement or health cannot take it into account; it is treated as unknown.',
    toDo: 'See the reason in the report of the device; most often the agent lacks a permission.',
  },
  'clock-off': {
    name: 'Clock was off',
    title: ({ of }) => `Its clock was off by ${of('seconds')}`,
    means: 'Tradewind takes its time from the hub and does not mind; downloads from elsewhere may be refused.',
    toDo: 'Let it reach a time server, or give it a battery for its clock.',
  },
}

function shownOf({ about, numbers }: HealthProblem): Shown {
  const of = (name: string) => {
    const value = numbers[name]
    return value === undefined || !Number.isFinite(value) ? 'unknown' : withUnit(name, value)
  }
  return { of, about: about ?? 'unknown', isNow: numbers.now === 1, hasEnded: Number(numbers.days) <= 0 }
}

/** Every number has its unit at the end of its name; what has none is a count. */
const units: Record<string, (value: number) => string> = {
  share: (value) => `${Math.round(value * 100)} %`,
  bytes: (value) => (value < gibibyte ? `${Math.round(value / mebibyte)} MiB` : `${(value / gibibyte).toFixed(1)} GiB`),
  celsius: (value) => `${value.toFixed(1)} °C`,
  volts: (value) => `${value.toFixed(2)} V`,
  tokenspersecond: (value) => `${value.toFixed(1)} tokens/s`,
  seconds: (value) => span(value),
  minutes: (value) => span(value * minute),
  days: (value) => span(value * day),
}

function withUnit(name: string, value: number): string {
  const [, show = String] = Object.entries(units).find(([unit]) => name.toLowerCase().endsWith(unit)) ?? []
  return show(value)
}

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3
const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** In the largest unit of which there are two or more. */
function span(seconds: number): string {
  if (seconds < 2 * minute) return `${Math.floor(seconds)} s`
  if (seconds < 2 * hour) return `${Math.floor(seconds / minute)} min`
  return seconds < 2 * day ? `${Math.floor(seconds / hour)} h` : `${Math.floor(seconds / day)} days`
}
