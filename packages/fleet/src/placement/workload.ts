import type { PolicyName, UseCase } from '@tradewind/protocol'

/** What devices are for: use cases with one set of requirements. */
export type Workload = {
  id: string
  useCases: UseCase[]
  /** that are spoken: es, pt-br; none: whatever was tested */
  languages?: string[]
  /** tokens that one request may span */
  context: number
  /** requests at once; each has a context of its own */
  slots?: number
  /** of two workloads that select a device the higher counts */
  priority?: number
  /** labels that a device must have; none: every device */
  selects?: Record<string, string>
  policy?: PolicyName
  /** speech comes in, whatever the use cases say */
  hears?: boolean
  /** `low` shuts out variants that are known to recall unreliably */
  hallucination?: 'low' | 'any'
  commercial?: boolean
  monthlyUsers?: number
  /** tokens a second, at least */
  generationPerSecond?: number
  /** seconds of work for a second of speech, at most; 1 is live */
  realTimeFactor?: number
  /** until a full context is read, at most: what fits in memory may still take an hour */
  firstTokenSeconds?: number
  /** share by which a serving device must gain before a change is proposed */
  gainToChange?: number
}

export const defaults = { slots: 1, priority: 0, policy: 'evidence', hallucination: 'any', gainToChange: 0.15 } as const

export const needsHearing = ({ useCases, hears }: Workload) => hears === true || useCases.includes('transcription')
export const needsSight = ({ useCases }: Workload) => useCases.includes('lightweight-multimodal')

export type Selection =
  | { kind: 'one'; workload: Workload }
  | { kind: 'none' }
  /** several of the same priority select it: a person must say which counts */
  | { kind: 'tie'; priority: number; workloads: Workload[] }

/** The one workload of a device. */
export function workloadFor(labels: Record<string, string>, workloads: Workload[]): Selection {
  const selecting = workloads.filter(({ selects = {} }) =>
    Object.entries(selects).every(([name, value]) => labels[name] === value),
  )
  const priority = Math.max(...selecting.map(priorityOf))
  const [workload, ...others] = selecting.filter((one) => priorityOf(one) === priority)
  if (!workload) return { kind: 'none' }
  return others.length === 0 ? { kind: 'one', workload } : { kind: 'tie', priority, workloads: [workload, ...others] }
}

const priorityOf = ({ priority = defaults.priority }: Workload) => priority
