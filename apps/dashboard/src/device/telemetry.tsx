'use client'

import type { Unreadable } from '@tradewind/protocol'
import type { SamplePoint } from '@tradewind/store'
import { ChartLine, Table2, ZoomOut } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button'
import { Section } from '../ui/section'
import { useNow } from '../ui/time'
import { ago } from '../words/format'
import { Chart } from './chart'
import { type ChartWindow, chartWindow, nameWindow } from './chart-window'
import { chartSpecs } from './charts'
import { SampleTable } from './sample-table'

type Props = { points: SamplePoint[]; unreadable: Unreadable[]; online: boolean }

export function Telemetry({ points, unreadable, online }: Props) {
  const [asTable, setAsTable] = useState(false)
  const [zoom, setZoom] = useState<ChartWindow | null>(null)
  const nowMs = useNow()
  const whole = chartWindow(points[0]?.atMs, nowMs)
  const newest = points.at(-1)
  return (
    <Section
      title={nameWindow(whole)}
      hint={
        <span suppressHydrationWarning>
          {newest ? `Newest sample ${ago(newest.atMs, nowMs)}. ` : 'No sample in the last hour. '}
          <span className="max-sm:hidden">Drag across a chart to look closer.</span>
        </span>
      }
      actions={
        <>
          {zoom && (
            <Button size="small" onClick={() => setZoom(null)}>
              <ZoomOut aria-hidden />
              Zoom out
            </Button>
          )}
          <Button size="small" onClick={() => setAsTable(!asTable)}>
            {asTable ? <ChartLine aria-hidden /> : <Table2 aria-hidden />}
            {asTable ? 'Show charts' : 'Show as a table'}
          </Button>
        </>
      }
    >
      {asTable ? (
        <SampleTable points={points} />
      ) : (
        <div data-samples={points.length} className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
          {chartSpecs.map((spec) => (
            <Chart
              key={spec.id}
              spec={spec}
              points={points}
              unreadable={unreadable}
              window={zoom ?? whole}
              stale={!online}
              onZoom={setZoom}
            />
          ))}
        </div>
      )}
    </Section>
  )
}
