'use client'

import type { Unreadable } from '@tradewind/protocol'
import type { SamplePoint } from '@tradewind/store'
import { useTheme } from 'next-themes'
import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import { classes } from '../ui/classes'
import { explainUnreadable } from '../words/explain-unreadable'
import { clock } from '../words/format'
import { breakGaps } from './break-gaps'
import type { ChartWindow } from './chart-window'
import { binarySteps, type ChartSpec, yRange } from './charts'

type Props = {
  spec: ChartSpec
  points: SamplePoint[]
  unreadable: Unreadable[]
  window: ChartWindow
  stale: boolean
  onZoom: (window: ChartWindow) => void
}

const height = 132

export function Chart({ spec, points, unreadable, window, stale, onZoom }: Props) {
  const columns = useMemo(
    () =>
      breakGaps(
        points,
        spec.lines.map(({ figure }) => figure),
      ),
    [points, spec],
  )
  const { box, at } = usePlot(spec, columns, window, onZoom)
  const empty = columns.slice(1).every((column) => column.every((value) => value === null))
  const hovered = at !== null && columns[0][at] !== undefined
  const moment = hovered ? columns[0][at] : undefined
  return (
    <figure aria-label={spec.title} className="min-w-0 rounded-lg border bg-surface p-4 pb-2 shadow-card">
      <figcaption className="mb-1 flex items-start justify-between gap-3">
        <span className="text-[13px] font-medium text-muted">{spec.title}</span>
        <span className="tabular text-xs text-faint">{moment !== undefined && clock(moment * 1000)}</span>
      </figcaption>
      <dl className={classes('tabular mb-2 flex h-7 items-baseline gap-5', stale && !hovered && 'text-muted')}>
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
              <Value value={hovered ? columns[i + 1]?.[at] : points.at(-1)?.[figure]} words={spec.words} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="relative">
        <div ref={box} style={{ height }} className={empty ? 'invisible' : undefined} aria-hidden />
        {empty && (
          <p className="hatched absolute inset-0 grid place-items-center rounded-md text-[13px] text-unknown">
            {whyEmpty(spec, points, unreadable)}
          </p>
        )}
      </div>
    </figure>
  )
}

function whyEmpty({ fact }: ChartSpec, points: SamplePoint[], unreadable: Unreadable[]): string {
  if (points.length === 0) return 'no sample in the last hour'
  const why = unreadable.find((one) => one.fact === fact)
  return why ? explainUnreadable(why) : 'not measured in the last hour'
}

type ValueProps = { value: number | string | null | undefined; words: (value: number) => string }

const Value = ({ value, words }: ValueProps) =>
  typeof value === 'number' ? words(value) : <span className="text-sm font-normal text-faint">unknown</span>

/** A plot that lives as long as the chart and its colours, and the index of the moment under the cursor. */
function usePlot(spec: ChartSpec, columns: uPlot.AlignedData, window: ChartWindow, onZoom: Props['onZoom']) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const zoom = useRef(onZoom)
  zoom.current = onZoom
  const latest = useRef({ columns, window })
  latest.current = { columns, window }
  const [at, setAt] = useState<number | null>(null)
  const { resolvedTheme } = useTheme()

  // A theme has colours of its own, which uPlot reads once.
  useEffect(() => {
    const element = box.current
    if (!element) return
    const made = new uPlot(
      optionsOf(
        spec,
        element,
        () => latest.current.window,
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
  }, [spec, resolvedTheme])

  useEffect(() => {
    plot.current?.setData(columns, false)
    plot.current?.setScale('x', { min: window.from, max: window.to })
  }, [columns, window])
  return { box, at }
}

/** A dot where the line ends: the value that stands above the chart. */
const onlyTheLast: uPlot.Series.Points.Filter = (u, series) => {
  const index = u.data[series]?.findLastIndex((value) => value !== null) ?? -1
  return index < 0 ? [] : [index]
}

function optionsOf(
  spec: ChartSpec,
  element: HTMLElement,
  window: () => ChartWindow,
  hover: (index: number | null) => void,
  zoom: (window: ChartWindow) => void,
): uPlot.Options {
  const colour = (name: string) => getComputedStyle(element).getPropertyValue(`--${name}`).trim()
  const axis = { stroke: colour('faint'), font: `11px ${getComputedStyle(element).fontFamily}`, ticks: { show: false } }
  const single = spec.lines.length === 1
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
      { ...axis, grid: { show: false }, size: 24, space: 64, values: '{HH}:{mm}' },
      {
        ...axis,
        grid: { stroke: colour('line'), width: 1 },
        size: 62,
        space: 34,
        ...(spec.axis.binary ? { incrs: binarySteps } : {}),
        values: (_, ticks) => ticks.map(spec.words),
      },
    ],
    series: [
      {},
      ...spec.lines.map((_, i) => ({
        stroke: colour(`series-${i + 1}`),
        width: 1.5,
        fill: single ? `color-mix(in srgb, ${colour('series-1')} 10%, transparent)` : undefined,
        points: { show: true, size: 7, width: 0, fill: colour(`series-${i + 1}`), filter: onlyTheLast },
      })),
    ],
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
