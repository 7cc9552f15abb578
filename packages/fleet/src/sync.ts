export const syncStates = ['unknown', 'registered', 'pending', 'in-sync', 'failed'] as const
export type SyncState = (typeof syncStates)[number]

export type SyncInput = {
  /** the device has sent a capability report */
  hasReport: boolean
  /** revision of the device's assignment; 0 when nothing is assigned */
  assignedRevision: number
  /** the highest revision that the device reported as applied */
  appliedRevision: number
  /** the failure that the device reported last, if any */
  failureCode: string | null
}

/** Where a device stands against its assignment. It is derived whenever asked for, never stored. */
export function syncOf({ hasReport, assignedRevision, appliedRevision, failureCode }: SyncInput): SyncState {
  if (!hasReport) return 'unknown'
  if (assignedRevision === 0) return 'registered'
  if (appliedRevision >= assignedRevision) return 'in-sync'
  return failureCode === null ? 'pending' : 'failed'
}
