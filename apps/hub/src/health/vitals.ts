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
  /** of the window that health reads, and no others */
  samples: HealthSample[]
  /** what was found last; it is stored, or about to be */
  problems: HealthProblem[]
}

export const noVitals = (): Vitals => ({ source: null, samples: [], problems: [] })

/** Takes in what was sampled; what is too old to matter, or came late, is left out. */
export function takeSamples(vitals: Vitals, samples: IngestBatch['samples'], nowMs: number) {
  const fromMs = nowMs - healthWindowMs
  const fresh = samples.filter(({ atMs }) => atMs > fromMs).map(sampleOf)
  vitals.samples = [...vitals.samples.filter(({ atMs }) => atMs > fromMs), ...fresh]
}

function sampleOf({ atMs, figures }: IngestBatch['samples'][number]): HealthSample {
  const sample: Record<string, number> & { atMs: number } = { atMs }
  for (const name of healthFigures) if (figures[name] !== undefined) sample[name] = figures[name]
  return sample
}

/** With a device that is shut out nothing is wrong any more. */
export function judge(vitals: Vitals, { revoked, presence }: Device, nowMs: number): HealthProblem[] {
  if (revoked) return []
  const { source, samples, problems: previous } = vitals
  const input: HealthInput = { nowMs, previous, samples, presence: presence ?? null, ...source }
  return problemsOf(input)
}
