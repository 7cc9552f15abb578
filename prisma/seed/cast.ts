import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import type { Facts, Labels } from '@tradewind/protocol'
import { between, chance, evenly, hashOf, oneOf, weighted } from './chance'
import { classOf, factsOf, type Kind, kinds } from './kinds'

const dayMs = 86_400_000

export type SeedDevice = {
  id: string
  num: number
  name: string
  labels: Labels
  kind: Kind
  facts: Facts
  deviceClass: string
  agentVersion: string
  enrolledMs: number
}

type Role = { role: string; weight: number; of: readonly { kind: Kind; weight: number }[] }

/** What devices are there for, and on what that runs. */
const roles: Role[] = [
  {
    ...{ role: 'line', weight: 46 },
    of: [
      { kind: kinds.pi8, weight: 80 },
      { kind: kinds.pi16, weight: 20 },
    ],
  },
  {
    ...{ role: 'counter', weight: 34 },
    of: [
      { kind: kinds.pi8, weight: 60 },
      { kind: kinds.pi4, weight: 18 },
      { kind: kinds.pi16, weight: 12 },
      { kind: kinds.phone, weight: 10 },
    ],
  },
  {
    ...{ role: 'office', weight: 14 },
    of: [
      { kind: kinds.laptop, weight: 55 },
      { kind: kinds.mac, weight: 45 },
    ],
  },
  {
    ...{ role: 'compute', weight: 6 },
    of: [
      { kind: kinds.card, weight: 70 },
      { kind: kinds.server, weight: 30 },
    ],
  },
]

const sites = [
  ...['lyon', 'porto', 'gdansk', 'leeds', 'turin', 'nantes', 'bilbao', 'ghent', 'graz', 'malmo', 'brno', 'cork'],
  ...['lille', 'braga', 'torun', 'bristol', 'parma', 'rennes', 'vigo', 'liege', 'linz', 'lund', 'ostrava', 'galway'],
  ...['dijon', 'faro', 'lublin', 'derby', 'verona', 'angers', 'murcia', 'namur', 'wels', 'uppsala', 'zlin', 'sligo'],
]
const stations = ['press', 'mill', 'oven', 'mixer', 'labeller', 'packing', 'palletiser', 'scale', 'paint', 'gate']
const counters = ['till', 'front desk', 'returns', 'pickup', 'information', 'workshop counter']
const people = [
  'Marie',
  'Tomás',
  'Agnieszka',
  'Priya',
  'Jonas',
  'Aoife',
  'Léa',
  'Giulia',
  'Émile',
  'Noor',
  'Wei',
  'Ines',
]

/** Names as long as people make them: a list must bear the first, and a page the second. */
const longNames = [
  'Receção Porto, Terminal 1, balcão de informações à esquerda da saída',
  'gdansk-hala-produkcyjna-nr-2-linia-pakowania-etykieciarka-zapasowa',
]

/** The fleet of a seed: who is there, where, on what, since when. */
export function cast(of: { seed: number; devices: number; days: number; nowMs: number }): SeedDevice[] {
  const { seed, devices, days, nowMs } = of
  const perSite = Math.max(8, Math.ceil(devices / sites.length))
  const places = Math.ceil(devices / perSite)
  const taken = new Map<string, number>()
  return Array.from({ length: devices }, (_, index): SeedDevice => {
    const num = index + 1
    const at = Math.floor(index / perSite)
    const site = sites[at % sites.length] as string
    const { role, of: runsOn } = weighted(roles, evenly('golden', num, seed))
    const { kind } = weighted(runsOn, evenly('plastic', num, seed))
    const line = role === 'line' ? String(1 + Math.floor(((index % perSite) / perSite) * 3)) : null
    const wanted = longNames[index - 2 * perSite] ?? nameOf({ seed, num, role, site, line })
    const again = (taken.get(wanted) ?? 0) + 1
    taken.set(wanted, again)
    const name = again === 1 ? wanted : `${wanted} ${again}`
    const host = name
      .normalize('NFD')
      .replace(/[^a-zA-Z0-9]+/g, '-')
      .toLowerCase()
      .slice(0, 40)
    const facts = factsOf(kind, host, num)
    return {
      ...{ id: idOf(seed, num), num, name, kind, facts, deviceClass: classOf(facts) },
      labels: { site, role, ...(line && { line }) },
      agentVersion: chance(seed, num, 'agent') < 0.9 ? '0.1.0' : '0.0.9',
      enrolledMs: enrolledAt({ seed, num, at, places, days, nowMs }),
    }
  })
}

function nameOf(of: { seed: number; num: number; role: string; site: string; line: string | null }): string {
  const { seed, num, role, site, line } = of
  const town = `${site[0]?.toUpperCase()}${site.slice(1)}`
  if (role === 'line') return `${site}-${line}-${oneOf(stations, seed, num, 'name')}`
  if (role === 'counter') return `${town} ${oneOf(counters, seed, num, 'name')}`
  if (role === 'office') return `${oneOf(people, seed, num, 'name')}’s laptop, ${town}`
  return `${site}-compute`
}

/** Sites came one after the other, before the history begins; a few devices are new. */
function enrolledAt(of: {
  seed: number
  num: number
  at: number
  places: number
  days: number
  nowMs: number
}): number {
  const { seed, num, at, places, days, nowMs } = of
  if (chance(seed, num, 'new') < 0.06) return Math.round(nowMs - days * dayMs * between(0.05, 0.4, seed, num, 'new at'))
  return Math.round(nowMs - (days + 30 * (1 - at / places) + between(0, 1, seed, num, 'enrolled')) * dayMs)
}

const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'

/** As the store makes them, but the same each time. */
export const idOf = (...parts: (string | number)[]) =>
  Array.from({ length: 12 }, (_, i) => alphabet[hashOf(...parts, 'id', i) % 32]).join('')

/** The key of a device: nobody can guess it who has not the secret of the folder. */
export function keyOf(secret: string, id: string): KeyObject {
  const seed = createHash('sha256').update(`${secret} ${id}`).digest()
  return createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
