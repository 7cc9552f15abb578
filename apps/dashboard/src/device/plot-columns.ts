import type { FigureName } from '@tradewind/protocol'
import { gapMs, type Series } from './series'

/** Columns as uPlot draws them: seconds first, then those of each figure; null breaks the line. */
export type PlotColumns = [seconds: number[], ...values: (number | null)[][]]

/** Whether points stand for a span, in which a figure went from a min to a max. */
export const isBanded = ({ bucketMs }: Pick<Series, 'bucketMs'>) => bucketMs !== null

/**
 * A column for each figure, or where points stand for a span three: mean, min, max. A point that knows nothing is put
 * into each gap, so that no line is drawn over what was not measured.
 */
export function plotColumns(series: Series, figures: readonly FigureName[]): PlotColumns {
  const wanted = figures.flatMap((figure) => {
    const { mean = [], min = [], max = [] } = series.figures[figure] ?? {}
    return isBanded(series) ? [mean, min, max] : [mean]
  })
  const columns: PlotColumns = [[], ...wanted.map(() => [] as (number | null)[])]
  const [seconds, ...values] = columns
  const most = gapMs(series)
  for (const [i, atMs] of series.atMs.entries()) {
    const before = series.atMs[i - 1]
    if (before !== undefined && atMs - before > most) {
      seconds.push((before + atMs) / 2000)
      for (const column of values) column.push(null)
    }
    seconds.push(atMs / 1000)
    for (const [c, column] of values.entries()) column.push(wanted[c]?.[i] ?? null)
  }
  return columns
}

/** The points that a line does not reach: those without a neighbour, and the last, which stands above the chart. */
export function lonePoints(column: (number | null | undefined)[]): number[] {
  const last = column.findLastIndex((value) => value != null)
  const lone = (value: number | null | undefined, i: number) =>
    value != null && (i === last || (column[i - 1] == null && column[i + 1] == null))
  return column.flatMap((value, i) => (lone(value, i) ? [i] : []))
}
