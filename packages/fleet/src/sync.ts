export const syncStates = ['unknown', 'registered', 'pending', 'in-sync', 'failed'] as const
export type SyncState = (typeof syncStates)[number]

export type SyncInput = {
  /** the device has sent a capability report */
  hasReport: boolean
  /** revision of the device's assignment; 0 when nothing is assigned */
  assignedRevision: number
  /** the highest revision that the device reported as seen; its failure is about this one */
  seenRevision: number
  /** the highest revision that the device reported as applied */
  appliedRevision: number
  /** the failure that the device reported last, if any */
  failureCode: string | null
}

/**
 * Where a device stands against its assignment. It is derived whenever asked for, never stored. A failure of an earlier
 * revision says nothing about one that the device has not seen yet. A device that has applied more than was assigned
 * has lost its hub: one restored from a backup does not know what it said since.
 */
export function syncOf(input: SyncInput): SyncState {
  const { hasReport, assignedRevision, seenRevision, appliedRevision, failureCode } = input
  if (!hasReport) return 'unknown'
  if (assignedRevision === 0) return 'registered'
  if (appliedRevision > assignedRevision) return 'failed'
  if (appliedRevision === assignedRevision) return 'in-sync'
  return failureCode !== null && seenRevision >= assignedRevision ? 'failed' : 'pending'
}
