import type uPlot from 'uplot'
import { type ChartMarks, edgesOf, marksWithin } from './chart-marks'
import type { ChartWindow } from './chart-window'

type Inks = { band: string; line: string }

/** Bands behind the figures and lines over them. It reads the marks each time, so that new ones need no new plot. */
export const drawMarks = (marks: () => ChartMarks, window: () => ChartWindow, inks: Inks): uPlot.Plugin => ({
  hooks: {
    drawClear: (u) => {
      const shown = window()
      const { left, top, width, height } = u.bbox
      u.ctx.save()
      u.ctx.fillStyle = inks.band
      for (const band of marksWithin(marks(), shown).bands) {
        const [from, to] = edgesOf(band, shown).map((at) => u.valToPos(at, 'x', true)) as [number, number]
        const [start, end] = [Math.max(left, from), Math.min(left + width, to)]
        u.ctx.fillRect(start, top, Math.max(2, end - start), height)
      }
      u.ctx.restore()
    },
    draw: (u) => {
      const { top, height } = u.bbox
      u.ctx.save()
      u.ctx.strokeStyle = inks.line
      u.ctx.lineWidth = devicePixelRatio
      u.ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio])
      for (const { atMs } of marksWithin(marks(), window()).lines) {
        const x = Math.round(u.valToPos(atMs / 1000, 'x', true))
        u.ctx.beginPath()
        u.ctx.moveTo(x, top)
        u.ctx.lineTo(x, top + height)
        u.ctx.stroke()
      }
      u.ctx.restore()
    },
  },
})
