import type { MatrixValue } from '@tradewind/fleet'
import type { Standing } from '@tradewind/protocol'
import { count } from './format'

export const standingNames: Record<Standing, string> = {
  confirmed: 'Confirmed',
  'single-source': 'One source',
  'article-only': 'Article only',
  contradicted: 'Corrected',
}

export const standingMeanings: Record<Standing, string> = {
  confirmed: 'Two independent sources agree.',
  'single-source': 'One source says so.',
  'article-only': 'Only the article says so; nobody else does.',
  contradicted: 'The article says otherwise, and evidence contradicts it.',
}

export const originNames = {
  measured: 'measured here',
  published: 'published',
  computed: 'computed',
  unknown: 'not known',
} as const

export const originMeanings = {
  measured: 'What devices of this class measured themselves.',
  published: 'What somebody published for this board or card, scaled by the bits of a weight.',
  computed: 'Computed from the bandwidth of the memory: a rough figure.',
  unknown: 'Nobody has published or measured it.',
} as const

/** A number of the matrix with its unit; what people read in a cell. */
export function figureWords(value: number, unit: Extract<MatrixValue, { kind: 'number' }>['unit']): string {
  switch (unit) {
    case 'tokens':
      return `${count(value)} tokens`
    case 'percent':
      return `${value} %`
    case 'share':
      return `${Number((value * 100).toFixed(1))} %`
    case 'bleu':
      return `${value} BLEU`
    case 'parameters':
      return billions(value)
    case 'rating':
    case 'index':
      return value < 0 ? `−${count(-value)}` : count(value)
  }
}

const billions = (value: number) => `${Number((value / 1e9).toFixed(1))} B`

/** By how much the second is more than the first, in the unit of both. */
export function differenceWords(from: number, to: number, unit: Extract<MatrixValue, { kind: 'number' }>['unit']) {
  const by = Number((to - from).toPrecision(6))
  if (by === 0) return 'the same'
  const words = figureWords(Math.abs(by), unit)
  const points = unit === 'percent' || unit === 'share' ? words.replace(' %', ' points') : words
  return `${by > 0 ? '+' : '−'}${points}`
}

/** What stands against a build on devices, in a few words each. */
const refusalNames: Record<string, string> = {
  'memory-short': 'too little memory',
  'memory-unknown': 'memory not readable',
  'disk-short': 'too little disk',
  'engine-unsupported': 'engine not there',
  'context-too-long': 'context too long',
  'too-hot': 'too hot now',
  licence: 'licence',
}
export const refusalName = (code: string) => refusalNames[code] ?? code.replaceAll('-', ' ')

/** Of a group of devices, from the shortest to the longest. */
export const contextWords = ({ least, most }: { least: number; most: number }) =>
  least === most ? `${count(most)} tokens` : `${count(least)} to ${count(most)} tokens`
