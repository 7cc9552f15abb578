import type { Labels, Workload } from '@tradewind/protocol'

export type { Workload }

export const defaults = { slots: 1, priority: 0, policy: 'evidence', hallucination: 'any', gainToChange: 0.15 } as const

export const needsHearing = ({ useCases, hears }: Workload) => hears === true || useCases.includes('transcription')
export const needsSight = ({ useCases }: Workload) => useCases.includes('lightweight-multimodal')

export type Selection =
  | { kind: 'one'; workload: Workload }
  | { kind: 'none' }
  /** several of the same priority select it: a person must say which counts */
  | { kind: 'tie'; priority: number; workloads: Workload[] }

/** The one workload of a device: of those that name it, or name none, and whose labels it has. */
export function workloadFor({ id, labels = {} }: { id: string; labels?: Labels }, workloads: Workload[]): Selection {
  const selecting = workloads.filter(
    ({ devices, selects = {} }) =>
      (devices?.includes(id) ?? true) && Object.entries(selects).every(([name, value]) => labels[name] === value),
  )
  const priority = Math.max(...selecting.map(priorityOf))
  const [workload, ...others] = selecting.filter((one) => priorityOf(one) === priority)
  if (!workload) return { kind: 'none' }
  return others.length === 0 ? { kind: 'one', workload } : { kind: 'tie', priority, workloads: [workload, ...others] }
}

const priorityOf = ({ priority = defaults.priority }: Workload) => priority
