/**
 * Numbers and times as people read them: one place, one way. Sizes count in powers of 1024 and say so (MiB, GiB).
 * Nothing here takes null: what is not known is shown as not known, never as a number.
 */

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Three digits that count: 1.25, 12.5, 125. */
function digits(value: number): string {
  const rounded = Number(value.toPrecision(3))
  if (rounded >= 100) return Math.round(value).toLocaleString('en')
  return value >= 10 ? value.toFixed(1) : value.toFixed(value === 0 ? 0 : 2)
}

export function bytes(value: number): string {
  let step = 0
  let left = value
  while (left >= 999.5 && step < sizes.length - 1) {
    left /= 1024
    step += 1
  }
  return `${step === 0 ? Math.round(left) : digits(left)} ${sizes[step]}`
}

export const rate = (bytesPerSecond: number) => `${bytes(bytesPerSecond)}/s`

/** `share` is 0 to 1. */
export const percent = (share: number) => `${Math.round(share * 100)} %`

export const celsius = (degrees: number) => `${degrees.toFixed(1)} °C`

export const load = (value: number) => value.toFixed(2)

export const count = (value: number) => value.toLocaleString('en')

/** Of what a chart's title names the unit. */
export const aSecond = (value: number) => `${digits(value)} /s`

/** A ratio: 0.31 ×. */
export const factor = (value: number) => `${digits(value)} ×`

/** Sound is counted in minutes, however much of it there is: 0.50 min, 1,240 min. */
export const minutes = (seconds: number) => `${digits(seconds / 60)} min`

export const megahertz = (mhz: number) => (mhz >= 1000 ? `${(mhz / 1000).toFixed(2)} GHz` : `${Math.round(mhz)} MHz`)

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const dayMs = 24 * hour

/** A span in its largest whole unit: 12 s, 3 min, 5 h, 2 days. */
export function span(ms: number): string {
  if (ms < minute) return `${Math.max(0, Math.floor(ms / second))} s`
  if (ms < hour) return `${Math.floor(ms / minute)} min`
  if (ms < dayMs) return `${Math.floor(ms / hour)} h`
  const days = Math.floor(ms / dayMs)
  return days === 1 ? '1 day' : `${count(days)} days`
}

/** How long ago. The clocks of a browser and a hub differ a little, so a moment just ahead is now. */
export function ago(atMs: number, nowMs: number): string {
  const age = nowMs - atMs
  return age < 2 * second ? 'just now' : `${span(age)} ago`
}

/** How long until, for what ends. The minute that has begun counts, so that a day just given reads as a day. */
export const until = (atMs: number, nowMs: number) => (atMs <= nowMs ? 'now' : `in ${span(atMs - nowMs + minute)}`)

/** The exact time, in the reader's own time zone. */
export function exactly(atMs: number): string {
  return new Date(atMs).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
}

export function clock(atMs: number): string {
  return new Date(atMs).toLocaleTimeString('en-GB')
}

/** The day alone, short: 24 Nov. */
export function day(atMs: number): string {
  return new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
}

/** How fast a model reads or writes. */
export const perSecond = (tokens: number) => `${digits(tokens)} tokens/s`

/** A short span to the digit that counts: 0.84 s, 12.5 s. */
export const seconds = (ms: number) => (ms < 5 ? 'under 0.01 s' : `${digits(ms / 1000)} s`)

/** Seconds of work for a second of speech: below 1 is faster than live. */
export const realTime = (factor: number) => `${digits(factor)} s for 1 s of speech`
