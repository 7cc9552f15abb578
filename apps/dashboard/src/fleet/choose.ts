import type { HealthCode, SyncState } from '@tradewind/fleet'
import type { DeviceOrder, FleetRow } from '@tradewind/store'
import type { ShownPresence } from '../words/name-state'
import { type Narrowing, presenceOf, type Sort } from './filters'
import { readLabels } from './label-words'

/** A row with what it is looked up by, made once, so that a key press costs comparisons only. */
export type Indexed = { row: FleetRow; haystack: string; name: string; labels: string[] }

/** By build, as the catalogue has them. */
export type VariantOf = ReadonlyMap<string, string>

/** How many devices there would be with each choice of one kind, and all else as asked. */
export type Facets = {
  presence: Map<ShownPresence, number>
  sync: Map<SyncState, number>
  variant: Map<string, number>
  problem: Map<HealthCode, number>
  deviceClass: Map<string, number>
  /** written site=lyon */
  labels: Map<string, number>
}

export function indexed(row: FleetRow): Indexed {
  const parts = [row.name, row.id, row.board, row.cpu, row.os, row.agentVersion]
  return {
    row,
    haystack: fold(parts.filter((part) => part !== null).join(' ')),
    name: fold(row.name),
    labels: Object.entries(row.labels).map(([name, value]) => `${name}=${value}`),
  }
}

/** As SQLite folds: A to Z and nothing else, so that this and the store find the same. */
const fold = (text: string) => text.replace(/[A-Z]/g, (sign) => sign.toLowerCase())

/** Those that are wanted, in the order that they came in, and the counts of every filter, in one pass. */
export function choose(
  rows: Indexed[],
  wanted: Narrowing,
  variantOf: VariantOf,
): { chosen: Indexed[]; facets: Facets } {
  const chosen: Indexed[] = []
  const facets: Facets = {
    ...{ presence: new Map(), sync: new Map(), variant: new Map() },
    ...{ problem: new Map(), deviceClass: new Map(), labels: new Map() },
  }
  const test = tester(wanted, variantOf)
  for (const one of rows) {
    const failed = test(one)
    if (failed === 'more') continue
    if (failed === null) chosen.push(one)
    count(facets, one, failed, variantOf)
  }
  return { chosen, facets }
}

type Kind = keyof Facets

/** The one kind of filter that keeps a row out; null: none does; `more`: the text, or several. */
function tester(wanted: Narrowing, variantOf: VariantOf): (one: Indexed) => Kind | 'more' | null {
  const words = fold(wanted.text).split(/\s+/).filter(Boolean)
  const labels = Object.entries(readLabels(wanted.labels) ?? {})
  const { presence, sync, variant, problem, deviceClass, revoked } = wanted
  const tests: [Kind, (row: FleetRow) => boolean][] = []
  if (presence) tests.push(['presence', (row) => presenceOf(row) === presence])
  if (sync) tests.push(['sync', (row) => row.sync === sync])
  if (variant) tests.push(['variant', (row) => row.serving !== null && variantOf.get(row.serving.build) === variant])
  if (problem) tests.push(['problem', (row) => row.problems.includes(problem)])
  if (deviceClass) tests.push(['deviceClass', (row) => row.deviceClass === deviceClass])
  if (labels.length > 0) tests.push(['labels', (row) => labels.every(([name, value]) => row.labels[name] === value)])
  return ({ row, haystack }) => {
    if ((row.revokedMs !== null) !== revoked || !words.every((word) => haystack.includes(word))) return 'more'
    let failed: Kind | null = null
    for (const [kind, passes] of tests) {
      if (passes(row)) continue
      if (failed) return 'more'
      failed = kind
    }
    return failed
  }
}

function count(facets: Facets, { row, labels }: Indexed, failed: Kind | null, variantOf: VariantOf) {
  const is = (kind: Kind) => failed === null || failed === kind
  if (is('presence')) add(facets.presence, presenceOf(row))
  if (is('sync')) add(facets.sync, row.sync)
  const variant = row.serving && variantOf.get(row.serving.build)
  if (variant && is('variant')) add(facets.variant, variant)
  if (is('problem')) for (const code of row.problems) add(facets.problem, code)
  if (row.deviceClass && is('deviceClass')) add(facets.deviceClass, row.deviceClass)
  if (is('labels')) for (const label of labels) add(facets.labels, label)
}

const add = <K>(counts: Map<K, number>, key: K) => void counts.set(key, (counts.get(key) ?? 0) + 1)

type Key = string | number | null

const placeIn = (words: string[]) => {
  const places = new Map(words.map((word, place) => [word, place]))
  return (word: string) => places.get(word) ?? words.length
}
const presencePlace = placeIn(['lost', 'disconnected', 'unseen', 'sleeping'])
const syncPlace = placeIn(['failed', 'pending', 'unknown', 'registered'])

function attention({ presence, sync }: FleetRow): number {
  if (presence?.state === 'lost') return 0
  if (presence?.state === 'disconnected') return 1
  if (sync === 'failed') return 2
  if (sync === 'pending') return 3
  return presence === null ? 4 : 5
}

/** What each order goes by; the store has the same in SQL, and a test holds the two together. */
const keys: Record<DeviceOrder, (one: Indexed) => Key> = {
  attention: ({ row }) => attention(row),
  name: ({ name }) => name,
  presence: ({ row }) => presencePlace(presenceOf(row)),
  sync: ({ row }) => syncPlace(row.sync),
  serving: ({ row }) => row.serving?.label ?? null,
  board: ({ row }) => row.board ?? row.cpu,
  memory: ({ row }) => row.memoryBytes,
  os: ({ row }) => row.os,
  cpu: ({ row }) => row.latest?.cpuBusy ?? null,
  temperature: ({ row }) => row.latest?.temperatureC ?? null,
  sample: ({ row }) => row.latest?.atMs ?? null,
  enrolled: ({ row }) => row.enrolledMs,
}

/** Sorts anew: what is equal goes by name, then by id, and unknown comes last either way. */
export function sorted(rows: Indexed[], { column, descending }: Sort): Indexed[] {
  const way = descending ? -1 : 1
  const keyed = rows.map((one) => ({ one, key: keys[column](one) }))
  keyed.sort((a, b) => byKey(a.key, b.key, way) || byText(a.one.name, b.one.name) || byText(a.one.row.id, b.one.row.id))
  return keyed.map(({ one }) => one)
}

function byKey(a: Key, b: Key, way: number): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? 1 : -1
  return a < b ? -way : way
}
const byText = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)
