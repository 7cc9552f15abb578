import type { FactName, Facts, Unreadable } from '@tradewind/protocol'
import { bytes, celsius, megahertz, percent, rate } from '../words/format'

export type FactLine = { name: string; value: string }
/** One fact as lines, with what could not be read of it. A fact with neither was never asked for. */
export type FactGroup = { fact: FactName; title: string; lines: FactLine[]; unreadable: Unreadable[] }

const titles: Record<FactName, string> = {
  board: 'Board',
  cpu: 'CPU',
  memory: 'Memory',
  accelerators: 'Accelerators',
  storage: 'Storage',
  os: 'Operating system',
  network: 'Network',
  power: 'Power',
  throttling: 'Throttling',
  thermal: 'Temperature zones',
}

export function listFacts(facts: Facts, unreadable: Unreadable[]): FactGroup[] {
  return (Object.keys(titles) as FactName[]).map((fact) => ({
    fact,
    title: titles[fact],
    lines: linesOf(facts, fact),
    unreadable: unreadable.filter(({ fact: part }) => part === fact || part.startsWith(`${fact}.`)),
  }))
}

const parts: Record<string, string> = {
  'board.maker': 'Maker',
  'board.revision': 'Revision',
  'board.serialHash': 'Serial, hashed',
  'cpu.maxMhz': 'Highest clock',
  'cpu.model': 'Model',
  'cpu.physicalCores': 'Physical cores',
  'cpu.features': 'Features',
  'memory.swapTotalBytes': 'Swap',
  'memory.availableBytes': 'Available',
  'memory.bandwidthBytesPerSecond': 'Bandwidth',
  'memory.holders': 'Held by',
  'memory.pressure': 'Waited for memory',
  'storage.kind': 'Kind',
  'storage.filesystem': 'Filesystem',
  'storage.readBytesPerSecond': 'Read speed',
  'storage.wear': 'Wear',
  'os.version': 'Version',
  'thermal.zones': 'Zones',
  'network.interfaces': 'Interfaces',
}

/** The name of the part of a fact that could not be read; null when it is the whole fact. */
export function partOf({ fact }: Unreadable): string | null {
  const part = fact.split('.').slice(1).join('.')
  return part === '' ? null : (parts[fact] ?? part)
}

function linesOf(facts: Facts, fact: FactName): FactLine[] {
  const lines = { board, cpu, memory, accelerators, storage, os, network, power, throttling, thermal }[fact](facts)
  return lines.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [{ name, value }]))
}

type Lines = [name: string, value: string | undefined][]

const board = ({ board: b }: Facts): Lines =>
  b
    ? [
        ['Model', b.model],
        ['Maker', b.maker],
        ['Revision', b.revision],
        ['Serial, hashed', b.serialHash],
      ]
    : []

const cpu = ({ cpu: c }: Facts): Lines =>
  c
    ? [
        ['Model', c.model],
        ['Architecture', c.architecture],
        ['Cores', `${c.logicalCores}${c.physicalCores ? ` logical, ${c.physicalCores} physical` : ''}`],
        ['Highest clock', c.maxMhz === undefined ? undefined : megahertz(c.maxMhz)],
        ['Features', c.features.join(', ')],
      ]
    : []

const memory = ({ memory: m }: Facts): Lines =>
  m
    ? [
        ['Total', bytes(m.totalBytes)],
        ['Available', m.availableBytes === undefined ? undefined : bytes(m.availableBytes)],
        ['Bandwidth', m.bandwidthBytesPerSecond === undefined ? undefined : rate(m.bandwidthBytesPerSecond)],
        ['Held by', (m.holders ?? []).map((holder) => `${holder.name} ${bytes(holder.bytes)}`).join(', ')],
        ['Swap', m.swapTotalBytes === undefined ? undefined : swap(m.swapTotalBytes)],
        ['Waited for memory', m.pressure === undefined ? undefined : `${percent(m.pressure)} of the last minute`],
      ]
    : []

const swap = (total: number) => (total === 0 ? 'none' : bytes(total))

const storage = ({ storage: s }: Facts): Lines =>
  s
    ? [
        ['Kind', s.kind],
        ['Free', `${bytes(s.freeBytes)} of ${bytes(s.totalBytes)}`],
        ['Read speed', s.readBytesPerSecond === undefined ? undefined : rate(s.readBytesPerSecond)],
        ['Wear', s.wear === undefined ? undefined : `${percent(s.wear)} of its rated life used`],
        ['Filesystem', s.filesystem],
        ['Folder', s.path],
      ]
    : []

const os = ({ os: o }: Facts): Lines =>
  o
    ? [
        ['Name', o.name],
        ['Version', o.version],
        ['Kernel', o.kernel],
        ['Platform', o.platform],
        ['Inside of', o.surroundings?.join(', ')],
      ]
    : []

const network = ({ network: n }: Facts): Lines =>
  n
    ? [
        ['Hostname', n.hostname],
        ...n.interfaces.map(({ name, kind, addresses }): Lines[number] => [
          `${name}, ${kind}`,
          addresses.join(', ') || 'no address',
        ]),
      ]
    : []

const thermal = ({ thermal: t }: Facts): Lines =>
  t
    ? t.zones.map(({ name, celsius: now, criticalCelsius }) => [
        name,
        `${celsius(now)}${criticalCelsius === undefined ? '' : `, powers off at ${celsius(criticalCelsius)}`}`,
      ])
    : []

const accelerators = ({ accelerators: list = [] }: Facts): Lines =>
  list.map(({ name, totalBytes, freeBytes, driver }) => [
    name,
    [
      totalBytes === undefined ? 'shares the memory of the host' : bytes(totalBytes),
      freeBytes === undefined ? '' : `${bytes(freeBytes)} free`,
      driver ?? '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  ])

const power = ({ power: p }: Facts): Lines =>
  p
    ? [
        ['Source', p.source],
        ...(p.batteries ?? []).map(({ level, charging }): Lines[number] => [
          'Battery',
          `${level === undefined ? 'level unknown' : percent(level)}${charging ? ', charging' : ''}`,
        ]),
        ['At the input', p.supplyVolts === undefined ? undefined : `${p.supplyVolts.toFixed(2)} V`],
      ]
    : []

const throttling = ({ throttling: t }: Facts): Lines =>
  t
    ? [
        ['Now', t.now.join(', ') || 'none'],
        ['Since boot', t.sinceBoot.join(', ') || 'none'],
      ]
    : []
