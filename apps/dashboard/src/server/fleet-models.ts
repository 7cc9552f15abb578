import { measuredBy, ownFigures, predictedSpeed, type Reach, reachOf, sentenceOf } from '@tradewind/fleet'
import type { Catalogue } from '@tradewind/protocol'
import type { PlacedDevice, Store } from '@tradewind/store'
import type { z } from 'zod'
import type { FleetModels, ModelDevices } from './operations/fleet-models'
import { noSuch } from './problem'

type Reply = z.infer<typeof FleetModels>
type VariantReach = Reply['variants'][number]
type ClassReach = VariantReach['classes'][number]
type DevicesReply = z.infer<typeof ModelDevices>
type DeviceReach = DevicesReply['devices'][number]

type Answer = { atMs: number; reply: Promise<Reply> }
const answers = new Map<number, Answer>()
/** To judge 10,000 devices takes a second or more of the one thread: who asks again soon gets what was found. */
const answerHoldsMs = 30_000

/** `fleetModels`, at most so old. One that failed is not remembered. */
export function recentFleetModels(store: Store, context: number): Promise<Reply> {
  const nowMs = Date.now()
  for (const [key, { atMs }] of answers) if (nowMs - atMs > answerHoldsMs) answers.delete(key)
  const known = answers.get(context)
  if (known) return known.reply
  const reply = fleetModels(store, context)
  answers.set(context, { atMs: nowMs, reply })
  reply.catch(() => answers.delete(context))
  return reply
}

/**
 * Which variants the devices can run, with how much context, by device class. Every device is judged by itself: those of
 * one class share their board, not their free memory and disk. Nothing is kept.
 */
export async function fleetModels(store: Store, context: number): Promise<Reply> {
  const [fleet, catalogue, measurements] = await Promise.all([
    store.placedDevices(),
    store.catalogue(),
    store.measurements(),
  ])
  const reach = reachOf(catalogue, context, measuredBy(measurements))
  const totals = new Map(catalogue.variants.map(({ id }) => [id, emptyVariant(id)]))
  const classes = new Map<string, ClassReach>()
  const examples = new Map<string, PlacedDevice>()
  let breath = 0
  for (const device of fleet) {
    breath += 1
    if (breath % devicesPerBreath === 0) await pause()
    examples.set(device.deviceClass, examples.get(device.deviceClass) ?? device)
    for (const [variant, one] of reach(device)) {
      const total = totals.get(variant)
      if (!total) continue
      const key = `${variant} ${device.deviceClass}`
      const ofClass = classes.get(key) ?? emptyClass(device)
      if (!classes.has(key)) {
        classes.set(key, ofClass)
        total.classes.push(ofClass)
      }
      count(total, one)
      count(ofClass, one)
      countClass(ofClass, one)
    }
  }
  for (const total of totals.values()) total.classes.sort((a, b) => b.able - a.able || b.devices - a.devices)
  return {
    context,
    devices: fleet.length,
    variants: [...totals.values()],
    own: ownRows(catalogue, measurements, examples),
  }
}

/** The same thread answers everybody: others get their turn between so many devices. */
const devicesPerBreath = 500
const pause = () => new Promise((resolve) => setImmediate(resolve))

const emptyVariant = (variant: string): VariantReach => ({
  variant,
  able: 0,
  context: null,
  refusedBy: {},
  classes: [],
})
const emptyClass = ({ deviceClass, facts }: PlacedDevice): ClassReach => ({
  deviceClass,
  board: boardOf(facts),
  memoryBytes: facts.memory?.totalBytes ?? null,
  devices: 0,
  able: 0,
  builds: {},
  context: null,
  refusedBy: {},
  speed: null,
})

const boardOf = ({ board, cpu }: PlacedDevice['facts']) => board?.model ?? cpu?.model ?? null

function count(total: Pick<VariantReach, 'able' | 'context' | 'refusedBy'>, reach: Reach) {
  if (!reach.can) {
    for (const code of new Set(reach.refusals.map(({ code }) => code)))
      total.refusedBy[code] = (total.refusedBy[code] ?? 0) + 1
    return
  }
  const { longestContext } = reach
  const { least, most } = total.context ?? { least: longestContext, most: longestContext }
  total.able += 1
  total.context = { least: Math.min(least, longestContext), most: Math.max(most, longestContext) }
}

/** The slowest device of a class stands for it: a promise that all of them keep. */
function countClass(total: ClassReach, reach: Reach) {
  total.devices += 1
  if (!reach.can) return
  total.builds[reach.build] = (total.builds[reach.build] ?? 0) + 1
  const { generationPerSecond, from } = reach.speed
  if (generationPerSecond === undefined) return
  if (total.speed === null || generationPerSecond < total.speed.generationPerSecond)
    total.speed = { generationPerSecond, from }
}

function ownRows(
  catalogue: Catalogue,
  measurements: Parameters<typeof ownFigures>[0],
  examples: Map<string, PlacedDevice>,
): Reply['own'] {
  return ownFigures(measurements).flatMap((own) => {
    const build = catalogue.builds.find(({ id }) => id === own.build)
    const example = examples.get(own.deviceClass)
    if (!build) return []
    const predicted = example && predictedSpeed(catalogue, build, example)
    return [
      {
        ...own,
        variant: build.variant,
        board: example ? boardOf(example.facts) : null,
        predicted:
          predicted?.generationPerSecond === undefined
            ? null
            : { generationPerSecond: predicted.generationPerSecond, from: predicted.from },
      },
    ]
  })
}

/** Which devices can run one variant, those first that hold the longest context. Throws `ProblemError` when it is unknown. */
export async function modelDevices(
  store: Store,
  variant: string,
  { context, offset, limit }: { context: number; offset: number; limit: number },
): Promise<DevicesReply> {
  const [catalogue, fleet, measurements] = await Promise.all([
    store.catalogue(),
    store.placedDevices(),
    store.measurements(),
  ])
  const only = { ...catalogue, builds: catalogue.builds.filter((build) => build.variant === variant) }
  if (!catalogue.variants.some(({ id }) => id === variant)) throw noSuch('variant')
  const reach = reachOf(only, context, measuredBy(measurements))
  const rows = fleet.flatMap((device) => {
    const one = reach(device).get(variant)
    return one ? [deviceRow(device, one)] : []
  })
  return {
    variant,
    context,
    able: rows.filter(({ can }) => can).length,
    total: rows.length,
    devices: rows.toSorted(longestFirst).slice(offset, offset + limit),
  }
}

const deviceRow = ({ id, name, deviceClass }: PlacedDevice, reach: Reach): DeviceReach => ({
  id,
  name,
  deviceClass,
  can: reach.can,
  build: reach.build,
  longestContext: reach.can ? reach.longestContext : null,
  speed:
    reach.can && reach.speed.generationPerSecond !== undefined
      ? { generationPerSecond: reach.speed.generationPerSecond, from: reach.speed.from }
      : null,
  words: reach.can ? [] : reach.refusals.map(sentenceOf),
})

const longestFirst = (a: DeviceReach, b: DeviceReach) =>
  (b.longestContext ?? -1) - (a.longestContext ?? -1) || a.name.localeCompare(b.name)
