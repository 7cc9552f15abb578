import { figureNames } from '@tradewind/protocol'
import type { Chart, ChartPoint, WorkDone } from '@tradewind/store'
import { describe, expect, it } from 'vitest'
import { readHistory, wholeOf } from './history'

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000]
const nowMs = 20_718 * dayMs + 9.5 * minuteMs

const point = (atMs: number, load1: number, last: number | null = load1): ChartPoint =>
  ({
    ...Object.fromEntries(figureNames.map((name) => [name, null])),
    atMs,
    load1: { min: load1 - 1, mean: load1, max: load1 + 1, last },
  }) as ChartPoint

/** Answers with these charts, one after another, and remembers for which range it was asked. */
function scripted(...charts: (Chart | null)[]) {
  const asked: number[] = []
  const chartOf = async (_: string, fromMs: number) => {
    asked.push(fromMs)
    return charts[asked.length - 1] ?? null
  }
  const workOf = async (_: string, { fromMs, toMs }: { fromMs: number; toMs: number }) =>
    ({ requests: (toMs - fromMs) / hourMs }) as WorkDone
  return { chartOf, workOf, asked }
}
const read = (store: ReturnType<typeof scripted>, range: '1h' | '24h' | '30d') =>
  readHistory(store, 'id', { range, nowMs, figures: ['load1'] })
const raw = (...points: ChartPoint[]): Chart => ({ level: 'raw', bucketMs: null, points })

describe('readHistory', () => {
  it('has an hour as samples alone', async () => {
    const store = scripted(raw(point(nowMs - 2000, 3), point(nowMs - 1000, 4)))
    const history = await read(store, '1h')
    expect(history?.samples.map(({ load1 }) => load1)).toEqual([3, 4])
    expect(history?.rollups.atMs).toEqual([])
    expect(store.asked).toEqual([nowMs - hourMs])
  })

  it('has a day as minutes, and as samples from the start of a minute that is surely rolled up', async () => {
    const from = 20_718 * dayMs - 6 * minuteMs // 15.5 min ago, less what is over a whole minute
    const minutes = [from - minuteMs, from, from + minuteMs].map((atMs) => point(atMs, 1))
    const store = scripted(
      { level: '1m', bucketMs: minuteMs, points: minutes },
      raw(point(from + 1, 5), point(from + 2, 7)),
    )
    const history = await read(store, '24h')
    expect(store.asked).toEqual([nowMs - dayMs, from])
    expect(history && wholeOf(history, ['load1'])).toEqual({
      bucketMs: minuteMs,
      atMs: [from - minuteMs, from],
      figures: { load1: { min: [0, 5], mean: [1, 6], max: [2, 7] } },
    })
  })

  it('says when the newest sample was, where the range has none', async () => {
    const hours: Chart = { level: '1h', bucketMs: hourMs, points: [point(nowMs - 3 * dayMs, 1)] }
    expect(await read(scripted(raw(), hours), '1h')).toMatchObject({ newestMs: nowMs - 3 * dayMs })
    expect(await read(scripted(raw(), { ...hours, points: [] }), '1h')).toMatchObject({ newestMs: null })
    expect(await read(scripted(raw(point(nowMs - 1, 1))), '1h')).toMatchObject({ newestMs: null })
  })

  it('says what was done in the range, and lately', async () => {
    const history = await read(scripted(raw(point(nowMs - 1, 1))), '1h')
    expect(history).toMatchObject({ work: { requests: 1 }, worked: { requests: 30 * 24 } })
  })

  it('knows nothing of a device that is not there', async () => {
    expect(await read(scripted(null), '30d')).toBeNull()
  })
})
