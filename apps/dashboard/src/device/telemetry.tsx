'use client'

import type { Unreadable } from '@tradewind/protocol'
import { ChartLine, Table2, ZoomOut } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '../ui/button'
import { classes } from '../ui/classes'
import { Section } from '../ui/section'
import { useNow } from '../ui/time'
import { ago, exactly } from '../words/format'
import { Chart } from './chart'
import { type ChartMarks, marksWithin } from './chart-marks'
import { type ChartWindow, chartWindow, nameWindow } from './chart-window'
import { chartsOf, drawnFigures } from './charts'
import { type History, wholeOf } from './history'
import { MarksKey } from './marks-key'
import { RangeLinks, useRange } from './range-links'
import { type RangeName, ranges, rangeThatShows } from './ranges'
import { widened } from './series'
import { SeriesTable } from './series-table'
import { WorkList } from './work-list'

type Props = { history: History; marks: ChartMarks; enrolledMs: number; unreadable: Unreadable[]; online: boolean }

export function Telemetry({ history, marks, enrolledMs, unreadable, online }: Props) {
  const { range, pending, choose } = useRange(history.range)
  const [asTable, setAsTable] = useState(false)
  const [zoom, setZoom] = useState<{ range: string; window: ChartWindow } | null>(null)
  const nowMs = useNow()
  const series = useMemo(() => wholeOf(history, drawnFigures), [history])
  const whole = chartWindow(history.range, series.atMs[0], nowMs)
  const zoomed = zoom?.range === history.range ? zoom.window : null
  const window = zoomed ?? whole
  const rangeMs = Math.round((window.to - window.from) * 1000)
  const drawn = useMemo(() => widened(series, rangeMs), [series, rangeMs])
  const specs = useMemo(() => chartsOf(history.worked, series), [history.worked, series])
  return (
    <Section
      title={nameWindow(history.range, whole)}
      hint={
        series.atMs.length > 0 ? (
          <Known history={history} enrolledMs={enrolledMs} nowMs={nowMs} />
        ) : (
          <Nothing history={history} nowMs={nowMs} choose={choose} />
        )
      }
      actions={
        <>
          {zoomed && (
            <Button size="small" onClick={() => setZoom(null)}>
              <ZoomOut aria-hidden />
              Zoom out
            </Button>
          )}
          <Button size="small" onClick={() => setAsTable(!asTable)}>
            {asTable ? <ChartLine aria-hidden /> : <Table2 aria-hidden />}
            {asTable ? 'Show charts' : 'Show as a table'}
          </Button>
          <RangeLinks range={range} choose={choose} />
        </>
      }
    >
      <div
        data-samples={series.atMs.length}
        data-range={history.range}
        aria-busy={pending}
        className={classes('transition-opacity', pending && 'opacity-60 delay-150')}
      >
        <WorkList history={history} />
        {asTable ? (
          <SeriesTable specs={specs} series={drawn} range={history.range} />
        ) : (
          <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
            {specs.map((spec) => (
              <Chart
                key={spec.id}
                spec={spec}
                series={drawn}
                range={history.range}
                newest={history.samples.at(-1)}
                unreadable={unreadable}
                window={window}
                marks={marks}
                stale={!online}
                onZoom={(window) => setZoom({ range: history.range, window })}
              />
            ))}
          </div>
        )}
        {!asTable && <MarksKey marks={marksWithin(marks, window)} />}
      </div>
    </Section>
  )
}

type KnownProps = { history: History; enrolledMs: number; nowMs: number }

function Known({ history: { range, fromMs, rollups, samples }, enrolledMs, nowMs }: KnownProps) {
  const newestMs = samples.at(-1)?.atMs ?? rollups.atMs.at(-1)
  const beginsMs = Math.min(enrolledMs, rollups.atMs[0] ?? enrolledMs)
  return (
    <span suppressHydrationWarning>
      {newestMs !== undefined && `Newest sample ${ago(newestMs, nowMs)}. `}
      {range !== '1h' && beginsMs > fromMs && `History begins ${exactly(beginsMs)}. `}
      <span className="max-sm:hidden">
        {range === '1h' ? 'Drag across a chart to look closer.' : 'Lines are means, bands reach from least to most.'}
      </span>
    </span>
  )
}

type NothingProps = { history: History; nowMs: number; choose: (range: RangeName) => void }

/** Why there is nothing to draw, and where there is something; in place of the hint, so that nothing moves. */
function Nothing({ history: { range, newestMs }, nowMs, choose }: NothingProps) {
  const span = ranges[range].title.toLowerCase()
  const other = newestMs === null ? null : rangeThatShows(newestMs, nowMs)
  if (newestMs === null || other === null)
    return `No sample in the ${span}${range === '30d' ? '' : ' nor in the last 30 days'}. History begins with the first that arrives.`
  return (
    <span suppressHydrationWarning>
      No sample in the {span}: the newest was taken {ago(newestMs, nowMs)}.{' '}
      <button type="button" onClick={() => choose(other)} className="text-accent underline underline-offset-2">
        Show the {ranges[other].title.toLowerCase()}
      </button>
    </span>
  )
}
