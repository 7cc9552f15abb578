import type { ProposalRow } from '@tradewind/store'

/** The same change for several devices: what a person looks at, and accepts, as one. */
export type ProposalGroup = {
  key: string
  workloadId: string
  build: string
  instead: string
  /** the smallest and the largest of those that are known, as shares */
  gain: { least: number; most: number } | null
  /** of so many what serves may not stay */
  mustGo: number
  rows: ProposalRow[]
}

/** The most devices first. */
export function groupProposals(proposals: ProposalRow[]): ProposalGroup[] {
  const groups = new Map<string, ProposalRow[]>()
  for (const one of proposals) {
    const key = `${one.workloadId} ${one.instead} ${one.build}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups].map(([key, rows]) => groupOf(key, rows)).toSorted((a, b) => b.rows.length - a.rows.length)
}

function groupOf(key: string, rows: ProposalRow[]): ProposalGroup {
  const [{ workloadId, build, instead }] = rows as [ProposalRow]
  const gains = rows.flatMap(({ gain }) => gain ?? [])
  return {
    ...{ key, workloadId, build, instead, rows: rows.toSorted((a, b) => a.deviceName.localeCompare(b.deviceName)) },
    gain: gains.length === 0 ? null : { least: Math.min(...gains), most: Math.max(...gains) },
    mustGo: instead === build ? 0 : rows.length - gains.length,
  }
}
