'use client'

import type { FigureName, Unreadable } from '@tradewind/protocol'
import type { SamplePoint } from '@tradewind/store'
import { useTheme } from 'next-themes'
import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import { classes } from '../ui/classes'
import { explainUnreadable } from '../words/explain-unreadable'
import { clock, day } from '../words/format'
import type { ChartMarks } from './chart-marks'
import type { ChartWindow } from './chart-window'
import { binarySteps, type ChartSpec, yRange } from './charts'
import { drawMarks } from './draw-marks'
import { nameMoment } from './name-moment'
import { isBanded, lonePoints, plotColumns } from './plot-columns'
import { type RangeName, ranges } from './ranges'
import type { Series } from './series'

type Props = {
  spec: ChartSpec
  series: Series
  range: RangeName
  /** what stands above the chart while no moment of it is pointed at */
  newest: SamplePoint | undefined
  unreadable: Unreadable[]
  window: ChartWindow
  marks: ChartMarks
  stale: boolean
  onZoom: (window: ChartWindow) => void
}

const height = 132

export function Chart({ spec, series, range, newest, unreadable, window, marks, stale, onZoom }: Props) {
  const columns = useMemo(
    () =>
      plotColumns(
        series,
        spec.lines.map(({ figure }) => figure),
      ),
    [series, spec],
  )
  const { box, at } = usePlot(spec, columns, isBanded(series), window, marks, onZoom)
  const empty = columns.slice(1).every((column) => column.every((value) => value === null))
  // a point in a gap stands in no series
  const hovered = at === null ? -1 : series.atMs.indexOf(Math.round((columns[0][at] ?? 0) * 1000))
  const shown = (figure: FigureName) =>
    newest && hovered < 0 ? newest[figure] : series.figures[figure]?.mean.at(hovered)
  return (
    <figure aria-label={spec.title} className="min-w-0 rounded-lg border bg-surface p-4 pb-2 shadow-card">
      <figcaption className="mb-1 flex items-start justify-between gap-3">
        <span className="text-[13px] font-medium text-muted">{spec.title}</span>
        <span className="tabular text-xs text-faint">{hovered >= 0 && nameMoment(series, hovered)}</span>
      </figcaption>
      <dl className={classes('tabular mb-2 flex h-7 items-baseline gap-5', stale && hovered < 0 && 'text-muted')}>
        {spec.lines.map(({ figure, name }, i) => (
          <div key={figure} className="flex items-baseline gap-1.5">
            <dt className={spec.lines.length > 1 ? 'text-xs text-muted' : 'sr-only'}>
              <span
                className="mr-1.5 inline-block h-0.5 w-3 rounded align-middle"
                style={{ background: `var(--series-${i + 1})` }}
                aria-hidden
              />
              {name}
            </dt>
            <dd className={spec.lines.length > 1 ? 'font-medium' : 'text-xl font-semibold tracking-tight'}>
              <Value value={shown(figure)} words={spec.words} none={spec.work?.none} />
            </dd>
          </div>
        ))}
        {hovered >= 0 && isBanded(series) && <Reach spec={spec} series={series} at={hovered} />}
      </dl>
      <div className="relative">
        <div ref={box} style={{ height }} className={empty ? 'invisible' : undefined} aria-hidden />
        {empty && (
          <p className="hatched absolute inset-0 grid place-items-center rounded-md px-4 text-center text-[13px] text-unknown">
            {whyEmpty(spec, series, range, unreadable)}
          </p>
        )}
      </div>
    </figure>
  )
}

/** From the least to the most of the one line within a point; with two lines there is no room for it. */
function Reach({ spec: { lines, words }, series, at }: { spec: ChartSpec; series: Series; at: number }) {
  const [line, second] = lines
  const spreads = line && series.figures[line.figure]
  const [min, max] = [spreads?.min[at], spreads?.max[at]]
  if (second || min == null || max == null) return null
  return (
    <div className="ml-auto text-xs text-muted">
      <dt className="sr-only">Least and most</dt>
      <dd>
        {words(min)} – {words(max)}
      </dd>
    </div>
  )
}

function whyEmpty({ fact, work }: ChartSpec, { atMs }: Series, range: RangeName, unreadable: Unreadable[]): string {
  const span = ranges[range].title.toLowerCase()
  if (atMs.length === 0) return `no sample in the ${span}`
  if (work) return `${work.none} in the ${span}`
  const why = unreadable.find((one) => one.fact === fact)
  return why ? explainUnreadable(why) : `not measured in the ${span}`
}

type ValueProps = { value: number | string | null | undefined; words: (value: number) => string; none?: string }

const Value = ({ value, words, none = 'unknown' }: ValueProps) =>
  typeof value === 'number' ? words(value) : <span className="text-sm font-normal text-faint">{none}</span>

/** A plot that lives as long as the chart and its colours, and the index of the moment under the cursor. */
function usePlot(
  spec: ChartSpec,
  columns: uPlot.AlignedData,
  banded: boolean,
  window: ChartWindow,
  marks: ChartMarks,
  onZoom: Props['onZoom'],
) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const zoom = useRef(onZoom)
  zoom.current = onZoom
  const latest = useRef({ columns, window, marks })
  latest.current = { columns, window, marks }
  const [at, setAt] = useState<number | null>(null)
  const { resolvedTheme } = useTheme()

  // A theme has colours of its own, which uPlot reads once; so it does what its columns are.
  useEffect(() => {
    const element = box.current
    if (!element) return
    const made = new uPlot(
      optionsOf(
        spec,
        banded,
        element,
        () => latest.current.window,
        () => latest.current.marks,
        setAt,
        (w) => zoom.current(w),
      ),
      latest.current.columns,
      element,
    )
    plot.current = made
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    resize.observe(element)
    return () => {
      resize.disconnect()
      made.destroy()
    }
  }, [spec, banded, resolvedTheme])

  useEffect(() => {
    plot.current?.setData(columns, false)
    plot.current?.setScale('x', { min: window.from, max: window.to })
  }, [columns, window, marks])
  return { box, at }
}

const onlyTheLone: uPlot.Series.Points.Filter = (u, series) => lonePoints(Array.from(u.data[series] ?? []))

const daySeconds = 86_400

/** The hour where marks are less than a day apart, and the day at midnight or where they are not. */
const nameMarks: uPlot.Axis.DynamicValues = (_, marks, __, ___, apart) =>
  marks.map((mark) => {
    const time = clock(mark * 1000).slice(0, 5)
    return apart >= daySeconds || time === '00:00' ? day(mark * 1000) : time
  })

function optionsOf(
  spec: ChartSpec,
  banded: boolean,
  element: HTMLElement,
  window: () => ChartWindow,
  marks: () => ChartMarks,
  hover: (index: number | null) => void,
  zoom: (window: ChartWindow) => void,
): uPlot.Options {
  const colour = (name: string) => getComputedStyle(element).getPropertyValue(`--${name}`).trim()
  const axis = { stroke: colour('faint'), font: `11px ${getComputedStyle(element).fontFamily}`, ticks: { show: false } }
  const tint = (name: string, share: number) => `color-mix(in srgb, ${colour(name)} ${share}%, transparent)`
  const filled = spec.lines.length === 1 && !banded
  const linesOf = (n: number): uPlot.Series[] => {
    const line = {
      stroke: colour(`series-${n}`),
      width: 1.5,
      fill: filled ? tint('series-1', 10) : undefined,
      points: { show: true, size: banded ? 5 : 7, width: 0, fill: colour(`series-${n}`), filter: onlyTheLone },
    }
    const edge = { stroke: 'transparent', width: 0, points: { show: false } }
    return banded ? [line, edge, edge] : [line]
  }
  // each line has a mean, a least and a most; uPlot fills from the first of the two down to the second
  const bandOf = (i: number): uPlot.Band => ({ series: [3 * i + 3, 3 * i + 2], fill: tint(`series-${i + 1}`, 22) })
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    padding: [6, 4, 0, 0],
    cursor: { sync: { key: 'device' }, drag: { x: true, y: false, setScale: false }, y: false, points: { size: 7 } },
    scales: {
      x: { time: true, range: () => [window().from, window().to] },
      y: { range: (_, low, high) => yRange(spec, low, high) },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 24, space: 64, values: nameMarks },
      {
        ...axis,
        grid: { stroke: colour('line'), width: 1 },
        size: 62,
        space: 34,
        ...(spec.axis.binary ? { incrs: binarySteps } : {}),
        values: (_, ticks) => ticks.map(spec.words),
      },
    ],
    series: [{}, ...spec.lines.flatMap((_, i) => linesOf(i + 1))],
    bands: banded ? spec.lines.map((_, i) => bandOf(i)) : [],
    plugins: [drawMarks(marks, window, { band: tint('attention', 22), line: colour('muted') })],
    hooks: {
      setCursor: [(u) => hover(u.cursor.idx ?? null)],
      setSelect: [
        (u) => {
          if (u.select.width < 8) return
          const from = u.posToVal(u.select.left, 'x')
          zoom({ from, to: u.posToVal(u.select.left + u.select.width, 'x') })
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        },
      ],
    },
  }
}
