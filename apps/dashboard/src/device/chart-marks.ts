import type { ThrottledSpan } from '@tradewind/store'
import type { ChartWindow } from './chart-window'

/** What is drawn over all charts of a device: when it was held back, and when it was assigned something. */
export type ChartMarks = { bands: ThrottledSpan[]; lines: ChartLine[] }
export type ChartLine = { atMs: number; revision: number; build: string; words: string }

export const noMarks: ChartMarks = { bands: [], lines: [] }

/** Those of a window, which is in seconds since 1970. A band that has no end yet reaches to that of the window. */
export function marksWithin({ bands, lines }: ChartMarks, { from, to }: ChartWindow): ChartMarks {
  const [fromMs, toMs] = [from * 1000, to * 1000]
  return {
    bands: bands.filter((band) => band.fromMs < toMs && (band.toMs ?? toMs) > fromMs),
    lines: lines.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
  }
}

/** The places of a band within a window, in seconds. */
export const edgesOf = (band: ThrottledSpan, { from, to }: ChartWindow): [from: number, to: number] => [
  Math.max(from, band.fromMs / 1000),
  Math.min(to, band.toMs === null ? to : band.toMs / 1000),
]
