import type { FactName, FigureName, WorkName } from '@tradewind/protocol'
import { aSecond, bytes, celsius, count, factor, load, percent, rate } from '../words/format'
import type { History } from './history'
import type { Series } from './series'

export type Line = { figure: FigureName; name: string }
export type ChartSpec = {
  id: string
  title: string
  lines: Line[]
  words: (value: number) => string
  /** The fact that these figures are readings of: what kept it from being read keeps them too. */
  fact?: FactName
  /** Drawn only of a device that did such work lately; a moment without a value means `none`. */
  work?: { of: WorkName; none: string }
  /** The least span of the y axis, so that noise does not look like drama; `top` fixes its upper end. */
  axis: { least: number; top?: number; fromZero: boolean; binary?: boolean }
}

/** Small multiples: one unit each. */
export const chartSpecs: ChartSpec[] = [
  {
    id: 'cpu',
    title: 'CPU busy',
    lines: [{ figure: 'cpuBusy', name: 'Busy' }],
    words: percent,
    fact: 'cpu',
    axis: { least: 1, top: 1, fromZero: true },
  },
  {
    id: 'memory',
    title: 'Memory available',
    lines: [{ figure: 'memAvailableBytes', name: 'Available' }],
    words: bytes,
    fact: 'memory',
    axis: { least: 1024 ** 2, fromZero: true, binary: true },
  },
  {
    id: 'temperature',
    title: 'Temperature',
    lines: [{ figure: 'temperatureC', name: 'Hottest zone' }],
    words: celsius,
    fact: 'thermal',
    axis: { least: 10, fromZero: false },
  },
  {
    id: 'disk',
    title: 'Disk',
    lines: [
      { figure: 'diskReadBps', name: 'Read' },
      { figure: 'diskWriteBps', name: 'Write' },
    ],
    words: rate,
    fact: 'storage',
    axis: { least: 4096, fromZero: true, binary: true },
  },
  {
    id: 'network',
    title: 'Network',
    lines: [
      { figure: 'netRxBps', name: 'In' },
      { figure: 'netTxBps', name: 'Out' },
    ],
    words: rate,
    fact: 'network',
    axis: { least: 4096, fromZero: true, binary: true },
  },
  {
    id: 'load',
    title: 'Load, one minute',
    lines: [{ figure: 'load1', name: 'Load' }],
    words: load,
    fact: 'cpu',
    axis: { least: 1, fromZero: true },
  },
  {
    id: 'tokens',
    title: 'Tokens written',
    lines: [{ figure: 'tokensPerSecond', name: 'Tokens' }],
    words: aSecond,
    work: { of: 'generatedTokens', none: 'nothing written' },
    axis: { least: 1, fromZero: true },
  },
  {
    id: 'real-time-factor',
    title: 'Real-time factor, less is faster',
    lines: [{ figure: 'realTimeFactor', name: 'Seconds of work for a second of sound' }],
    words: factor,
    work: { of: 'audioSeconds', none: 'nothing heard' },
    axis: { least: 1, fromZero: true },
  },
  {
    id: 'queue',
    title: 'Requests waiting',
    lines: [{ figure: 'requestsWaiting', name: 'Most at a time' }],
    words: count,
    work: { of: 'requests', none: 'no request' },
    axis: { least: 5, fromZero: true },
  },
]

/** What is drawn of a device: of work only what it has done, before or while a person looks. */
export const chartsOf = (worked: History['worked'], { figures }: Series) =>
  chartSpecs.filter(
    ({ work, lines }) =>
      !work ||
      worked[work.of] > 0 ||
      lines.some(({ figure }) => figures[figure]?.max.some((value) => (value ?? 0) > 0)),
  )

/** The figures that are drawn, each once. */
export const drawnFigures = chartSpecs.flatMap(({ lines }) => lines.map(({ figure }) => figure))

/** The ends of the y axis for values from `low` to `high`, either of which may be unknown. */
export function yRange({ axis }: ChartSpec, low: number | null, high: number | null): [number, number] {
  if (axis.top !== undefined) return [0, axis.top]
  const bottom = axis.fromZero ? 0 : (low ?? 0)
  const top = high ?? bottom + axis.least
  if (axis.fromZero) return [0, Math.max(top * 1.1, axis.least)]
  const spare = Math.max(axis.least - (top - bottom), (top - bottom) * 0.2) / 2
  return [bottom - spare, top + spare]
}

/** Marks on the axis at powers of two, so that sizes have round names. */
export const binarySteps = Array.from({ length: 50 }, (_, power) => 2 ** power)
