import { deviceClassOf } from '@tradewind/fleet'
import { Facts, type Unreadable } from '@tradewind/protocol'
import captured from '../../apps/cli/src/models/hosts.json'
import { between, chance, hashOf, oneOf } from './chance'

export type KindName = (typeof captured)[number]['name']

/** A sort of machine: what its kind answers when it is asked, and how it behaves. */
export type Kind = {
  name: KindName
  /** closes its lid: away without being lost */
  sleeps: boolean
  /** how far a full load heats it, in degrees Celsius above the room; null: it has no sensor that can be read */
  heats: number | null
  unreadable: Unreadable[]
}

const noThrottling: Unreadable = { fact: 'throttling', code: 'not-present', detail: 'vcgencmd: no such file' }
const noPower: Unreadable = { fact: 'power', code: 'not-present', detail: '/sys/class/power_supply is empty' }
const pi = (name: KindName): Kind => ({ name, sleeps: false, heats: 34, unreadable: [] })

/** The captured hosts, each as a kind of which a fleet has many. */
export const kinds = {
  pi4: pi('pi-5-4gb'),
  pi8: pi('pi-5-8gb'),
  pi16: pi('pi-5-16gb'),
  phone: {
    name: 'android-12gb-termux',
    sleeps: false,
    heats: null,
    unreadable: [
      { fact: 'thermal', code: 'permission-denied', detail: '/sys/class/thermal/thermal_zone0/temp: EACCES' },
      { fact: 'storage.kind', code: 'permission-denied', detail: '/sys/block: EACCES' },
    ],
  },
  mac: {
    name: 'macbook-air-m2',
    sleeps: true,
    heats: null,
    unreadable: [{ fact: 'thermal', code: 'unsupported', detail: 'powermetrics needs root' }, noThrottling],
  },
  laptop: { name: 'laptop-16gb', sleeps: true, heats: 38, unreadable: [noThrottling] },
  card: { name: 'rtx4090', sleeps: false, heats: 30, unreadable: [noThrottling, noPower] },
  server: {
    name: 'rtx4090x2',
    sleeps: false,
    heats: null,
    unreadable: [{ fact: 'thermal', code: 'not-present', detail: 'no zone in this container' }, noThrottling, noPower],
  },
} satisfies Record<string, Kind>

const factsByName = new Map(captured.map(({ name, facts }) => [name, Facts.parse(facts)]))

/** What one machine of a kind says of itself: as its kind, with a name, addresses and a disk of its own. All is well. */
export function factsOf(kind: Kind, host: string, num: number): Facts {
  const facts = structuredClone(factsByName.get(kind.name) ?? {})
  if (facts.storage) facts.storage.freeBytes = Math.round(facts.storage.freeBytes * between(0.6, 0.98, host, 'disk'))
  if (facts.throttling) facts.throttling = { now: [], sinceBoot: [] }
  if (facts.power?.supplyVolts !== undefined) facts.power.supplyVolts = round(between(5.02, 5.17, host, 'volts'), 1000)
  for (const zone of facts.thermal?.zones ?? []) zone.celsius = round(between(46, 58, host, 'zone'), 20)
  if (facts.memory?.availableBytes !== undefined)
    facts.memory.availableBytes = Math.round(facts.memory.availableBytes * between(0.97, 1.01, host, 'memory'))
  if (facts.board) facts.board.serialHash = hashOf(host, 'serial').toString(16).padStart(16, '5')
  facts.network = networkOf(host, num, chance(host, 'wifi') < 0.4)
  return facts
}

export const classOf = (facts: Facts) => deviceClassOf(facts)

const networkOf = (host: string, num: number, isWifi: boolean): Facts['network'] => ({
  hostname: host,
  interfaces: [
    {
      ...{ name: isWifi ? 'wlan0' : 'eth0', kind: isWifi ? ('wifi' as const) : ('ethernet' as const) },
      addresses: [`10.${20 + ((num >> 8) % 200)}.${oneOf([4, 8, 16], host)}.${1 + (num % 250)}`],
      ...(isWifi && { signalDbm: -Math.round(between(42, 74, host, 'signal')) }),
    },
  ],
})

const round = (value: number, parts: number) => Math.round(value * parts) / parts
