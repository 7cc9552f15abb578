import type { z } from 'zod'
import { Measured } from './measured'
import { Answer, Ask, CapabilityReport, Desired, DeviceEvent, Presence, Reported, Telemetry } from './messages'
import { accept, type Result, refuse } from './refusal'

/**
 * The wire. `tradewind/<major>/<deviceId>/<leaf>`: who says what on which leaf, how surely, and whether it stays.
 * Publishing, subscribing, authorisation and `docs/wire.md` are derived from this table and from nothing else.
 */
export const leaves = {
  presence: leaf(Presence, { from: 'device', retain: true, says: 'whether the device is there; also its will' }),
  capability: leaf(CapabilityReport, { from: 'device', retain: true, says: 'all facts, and what could not be read' }),
  reported: leaf(Reported, {
    from: 'device',
    retain: true,
    says: 'which revision was seen and applied, and what is served',
  }),
  measured: leaf(Measured, { from: 'device', retain: true, says: 'what each build does on this device' }),
  telemetry: leaf(Telemetry, { from: 'device', retain: false, says: 'a batch of samples' }),
  event: leaf(DeviceEvent, { from: 'device', retain: false, says: 'something that happened, by code' }),
  desired: leaf(Desired, { from: 'hub', retain: true, says: 'what the device should do' }),
  ask: leaf(Ask, { from: 'hub', retain: false, perId: true, says: 'a question a person waits for' }),
  answer: leaf(Answer, { from: 'device', retain: false, perId: true, says: 'its answer' }),
} as const

export type LeafName = keyof typeof leaves
export type Message<L extends LeafName> = z.infer<(typeof leaves)[L]['schema']>
export const leafNames = Object.keys(leaves) as LeafName[]

/** A message above this size is refused on both ends; model files travel over HTTP. */
export const maxMessageBytes = 64 * 1024
export const topicRoot = 'tradewind/1'

export type Leaf<S extends z.ZodType = z.ZodType> = {
  schema: S
  from: 'device' | 'hub'
  qos: 1
  retain: boolean
  /** one topic per exchange: `ask/<id>` */
  perId: boolean
  says: string
  /** the newest version this code speaks */
  version: number
  /** raise[n] turns a body of version n into one of version n + 1 */
  raise: Record<number, (body: Record<string, unknown>) => Record<string, unknown>>
}

function leaf<S extends z.ZodType>(
  schema: S,
  is: { from: 'device' | 'hub'; retain: boolean; says: string; perId?: boolean },
): Leaf<S> {
  return { schema, qos: 1, version: 1, raise: {}, perId: false, ...is }
}

export type Topic = { deviceId: string; leaf: LeafName; id?: string }

const deviceIdPattern = /^[a-z0-9]{4,32}$/
const exchangeIdPattern = /^[a-z0-9]{8,32}$/

export const topicOf = (deviceId: string, leaf: LeafName, id?: string) =>
  `${topicRoot}/${deviceId}/${leaf}${id === undefined ? '' : `/${id}`}`

/** What a device subscribes to: one filter per leaf that the hub speaks on. */
export const subscriptionsOf = (deviceId: string) =>
  leafNames
    .filter((name) => leaves[name].from === 'hub')
    .map((name) => topicOf(deviceId, name, leaves[name].perId ? '+' : undefined))

export function parseTopic(topic: string): Result<Topic> {
  if (!topic.startsWith(`${topicRoot}/`)) return refuse('unknown-topic', topic.slice(0, 120))
  const [deviceId = '', name = '', id, ...rest] = topic.slice(topicRoot.length + 1).split('/')
  const known = Object.hasOwn(leaves, name) ? leaves[name as LeafName] : undefined
  const idFits = known?.perId ? id !== undefined && exchangeIdPattern.test(id) : id === undefined
  if (!known || !idFits || rest.length > 0 || !deviceIdPattern.test(deviceId))
    return refuse('unknown-topic', topic.slice(0, 120))
  return accept({ deviceId, leaf: name as LeafName, ...(id === undefined ? {} : { id }) })
}

/** A device publishes on its own leaves that the table gives to devices, and nowhere else. */
export function mayPublish(deviceId: string, topic: string): Result<Topic> {
  const parsed = parseTopic(topic)
  if (!parsed.ok) return parsed
  if (parsed.value.deviceId !== deviceId) return refuse('wrong-device', topic)
  return leaves[parsed.value.leaf].from === 'device' ? parsed : refuse('wrong-direction', topic)
}

/** A device subscribes to exactly its own hub leaves: no wildcard reaches further. */
export const maySubscribe = (deviceId: string, filter: string) => subscriptionsOf(deviceId).includes(filter)
