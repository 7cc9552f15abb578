// npm run seed -- --data DIR [--devices 40] [--days 14] [--story brownout|heatwave|bad-canary] [--seed 1]
// npm run seed -- --data DIR --live: speaks for the devices of a seeded folder, beside a hub that runs on it.
//
// A fleet with a past, for whoever builds the dashboard or looks at it: of real kinds of devices, placed by the hub's own
// decisions, with a trouble in it. Nothing of it happened. The same seed gives the same fleet, relative to now; keys and
// passwords are each folder's own.
import path from 'node:path'
import { newSecret, openSeedStore, type SeedStore } from '@tradewind/store'
import { give, readAsked, stories } from './seed/asked'
import { cast } from './seed/cast'
import { live } from './seed/live'
import * as lives from './seed/lives'
import { memoryFile, remember } from './seed/memory'
import { layPast } from './seed/past'
import { addPeople, addVisitors, operator, type Person } from './seed/people'
import { Placing } from './seed/placing'
import { layProblems } from './seed/problems'
import { Progress } from './seed/progress'
import { rollOut } from './seed/rolling'
import { atTime } from './seed/then'
import { busierLines, firstResolved, founding, longerCalls } from './seed/workloads'

const [minuteMs, dayMs] = [60_000, 86_400_000]
/** A fleet up to this size is kept as a hub keeps it; of a larger one only the devices of its story. */
const smallFleet = 200

const asked = readAsked()
const { data, devices, days, seed } = asked
const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs
const fromMs = nowMs - days * dayMs
const when = { seed, nowMs, days }
const story = stories[asked.story ?? '']
const progress = new Progress()

if (asked.isLive) await live(data)

const store = await openSeedStore(path.join(data, 'tradewind.db'))
try {
  if ((await store.roster()).length > 0) give(`${data} has a fleet already: name a folder that has none`)
  await fill(store)
} finally {
  await store.close()
}

async function fill(store: SeedStore) {
  const fleet = cast({ seed, devices, days, nowMs })
  const all = lives.livesOf(fleet, story, when)
  const heard = lives.heardOf(all, seed)
  const secret = newSecret()

  progress.say('people and devices')
  await store.setHubInfo({
    urls: ['https://127.0.0.1:7443'],
    caSha256: 'ab'.repeat(32),
    mqttPort: 8883,
    version: '0.1.0',
  })
  const people = await addPeople(store, fromMs - 32 * dayMs)
  await lives.layFleet(store, all, secret)

  progress.say('workloads, and what they place')
  const placing = new Placing(store, fleet, seed)
  await atTime(fromMs - 31 * dayMs, () => placing.resolveFiles((build) => firstResolved.includes(build)))
  for (const [i, workload] of founding.entries())
    await atTime(fromMs - (30 - i) * dayMs, () => store.createWorkload(workload, operator))
  const changeMs = Math.round(nowMs - 0.45 * days * dayMs)
  await lives.layFirstReports(
    store,
    heard.filter(({ device }) => device.enrolledMs < changeMs),
  )
  await placing.placeFirst(fromMs - 26 * dayMs)

  progress.say('rollouts')
  const well = { workload: longerCalls, atMs: changeMs, passes: () => true, isAway: () => false }
  await rollOut(store, placing, { ...well, untilMs: changeMs + 2 * dayMs })
  await lives.layFirstReports(
    store,
    heard.filter(({ device }) => device.enrolledMs >= changeMs),
  )
  await placing.placeFirst(changeMs)
  await atTime(nowMs - 2 * dayMs, () => placing.resolveFiles(() => true))
  if (asked.story === 'bad-canary') await failCanary(store, placing, heard)
  await lives.layLaterReports(store, heard)
  await lives.slowDown(store, heard, nowMs)
  await placing.find(nowMs - 50 * minuteMs)

  progress.say('comings and goings')
  await lives.layPresences(store, heard, when)
  await addVisitors(store, nowMs)

  const bodies = await lives.bodiesOf(store, heard, when)
  progress.say('problems')
  await layProblems(store, heard, bodies, when)
  const close = new Set(
    heard.filter(({ isInStory }) => isInStory || devices <= smallFleet).map(({ device }) => device.id),
  )
  const isClose = ({ device }: (typeof bodies)[number]) => close.has(device.id)
  const rows = await layPast(
    store,
    {
      ...{ nowMs, days, close: bodies.filter(isClose), others: bodies.filter((body) => !isClose(body)) },
      ...{ rawHours: 6, minuteDays: 2, quarterDays: 1 },
    },
    (what, share) => progress.say(what, share),
  )
  remember(data, { seed, devices, days, story: asked.story, seededMs: nowMs, secret, people })
  progress.end()
  report(rows, people, all)
}

/** Its first device tries it, and fails its test; people have not looked yet. */
async function failCanary(store: SeedStore, placing: Placing, heard: lives.Life[]) {
  const absences = new Map(heard.map(({ device, absences }) => [device.id, absences]))
  const isAway = (deviceId: string, atMs: number) =>
    absences.get(deviceId)?.some((one) => one.fromMs <= atMs && one.toMs > atMs) ?? true
  const atMs = nowMs - 100 * minuteMs
  await rollOut(store, placing, { workload: busierLines, atMs, untilMs: nowMs, passes: () => false, isAway })
}

function report(rows: Awaited<ReturnType<typeof layPast>>, people: Person[], all: lives.Life[]) {
  const counts = Object.entries(rows).map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
  console.log(`${devices} devices with ${days} days in ${progress.seconds} s: ${counts.join(', ')}`)
  const stars = all.filter(({ isInStory }) => isInStory)
  if (story) console.log(`Story: ${story.about}`)
  for (const { device } of stars.slice(0, 3)) console.log(`  ${device.name}: /devices/${device.id}`)
  console.log(`Sign in (${memoryFile(data)} remembers it):`)
  for (const { role, email, password } of people) console.log(`  ${role.padEnd(9)} ${email.padEnd(18)} ${password}`)
}
