import {
  type HealthInput,
  type HealthProblem,
  type HealthSample,
  healthFigures,
  healthWindowMs,
  problemsOf,
} from '@tradewind/fleet'
import type { HealthSource, IngestBatch } from '@tradewind/store'
import type { Device } from '../admission/roster'

/** What the hub keeps in memory of one device, to say what is wrong with it. */
export type Vitals = {
  /** null: not read yet. It is then unknown, which ends no problem */
  source: HealthSource | null
  /** of the window that health reads, and no others: numbers side by side, because there are many devices */
  samples: Float64Array
  /** what was found last; it is stored, or about to be */
  problems: HealthProblem[]
}

export const noVitals = (): Vitals => ({ source: null, samples: new Float64Array(), problems: [] })

/** Takes in what was sampled; what is too old to matter, or came late, is left out. */
export function takeSamples(vitals: Vitals, samples: IngestBatch['samples'], nowMs: number) {
  const fromMs = nowMs - healthWindowMs
  const kept: number[] = []
  for (const row of rowsOf(vitals.samples)) if (Number(row[0]) > fromMs) kept.push(...row)
  for (const { atMs, figures } of samples)
    if (atMs > fromMs) kept.push(atMs, ...healthFigures.map((name) => figures[name] ?? Number.NaN))
  vitals.samples = Float64Array.from(kept)
}

const rowLength = 1 + healthFigures.length

/** Each row is a moment and the figures of that moment; one that could not be read is no number. */
const rowsOf = (samples: Float64Array) =>
  Array.from({ length: samples.length / rowLength }, (_, i) => samples.subarray(i * rowLength, (i + 1) * rowLength))

const samplesOf = (samples: Float64Array) =>
  rowsOf(samples).map(([atMs = 0, ...figures]): HealthSample => {
    const sample: Record<string, number> & { atMs: number } = { atMs }
    for (const [i, name] of healthFigures.entries()) sample[name] = figures[i] ?? Number.NaN
    return sample
  })

/** With a device that is shut out nothing is wrong any more. */
export function judge(vitals: Vitals, { revoked, presence }: Device, nowMs: number): HealthProblem[] {
  if (revoked) return []
  const { source, samples, problems: previous } = vitals
  const input: HealthInput = { nowMs, previous, samples: samplesOf(samples), presence: presence ?? null, ...source }
  return problemsOf(input)
}
