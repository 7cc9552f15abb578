import { type MaintenanceWindow, weekdays } from '@tradewind/protocol'

const minuteMs = 60_000
const dayMinutes = 1440
const weekMinutes = 7 * dayMinutes

/** Whether devices may be told now. */
export function isOpen(window: MaintenanceWindow, nowMs: number): boolean {
  const local = localMinute(window.zone, nowMs)
  return openings(window).some(({ from, minutes }) => ahead(from, local) < minutes)
}

/** When the window opens next, in milliseconds since 1970; `nowMs` while it is open. */
export function opensAt(window: MaintenanceWindow, nowMs: number): number {
  if (isOpen(window, nowMs)) return nowMs
  const { zone } = window
  const local = localMinute(zone, nowMs)
  const [from = 0] = openings(window)
    .map(({ from }) => from)
    .sort((a, b) => ahead(local, a) - ahead(local, b))
  const startOfMinute = nowMs - (nowMs % minuteMs)
  const guess = startOfMinute + ahead(local, from) * minuteMs
  const off = ahead(localMinute(zone, guess), from) // clocks may change in between
  return guess + (off > weekMinutes / 2 ? off - weekMinutes : off) * minuteMs
}

/** Each opening as the minute of the week at which it begins, and how long it is. */
function openings({ days, from, to }: MaintenanceWindow) {
  const minutes = (minuteOfDay(to) - minuteOfDay(from) + dayMinutes) % dayMinutes || dayMinutes
  return days.map((day) => ({ from: weekdays.indexOf(day) * dayMinutes + minuteOfDay(from), minutes }))
}

/** Minutes from one minute of the week to the next time that it is another. */
const ahead = (from: number, to: number) => (to - from + weekMinutes) % weekMinutes

function minuteOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** Minutes since Monday midnight, in the zone. */
function localMinute(zone: string, nowMs: number): number {
  const offset = /^([+-])(\d\d:\d\d)$/.exec(zone)
  const shift = offset ? (offset[1] === '-' ? -1 : 1) * minuteOfDay(offset[2] ?? '') * minuteMs : 0
  const parts = clockOf(offset ? 'UTC' : zone).formatToParts(nowMs + shift)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  const day = weekdays.indexOf(part('weekday').toLowerCase() as (typeof weekdays)[number])
  return day * dayMinutes + Number(part('hour')) * 60 + Number(part('minute'))
}

const clockOf = (timeZone: string) =>
  new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
