import type { StepName } from '@tradewind/protocol'
import type { AssignmentCause } from '@tradewind/store'

/** How an assignment came about, before "by …". */
export const causeNames: Record<AssignmentCause, string> = {
  first: 'Placed first',
  person: 'Assigned',
  rollout: 'Rolled out',
  'roll-back': 'Rolled back',
  restart: 'Restarted',
}

/** What a device does on its way to an assignment, while it does it. */
export const stepWords: Record<StepName, string> = {
  'make-room': 'Making room on the disk',
  fetch: 'Fetching the files',
  verify: 'Verifying the files',
  'stop-engine': 'Stopping the engine',
  'start-engine': 'Starting the engine',
  'smoke-test': 'Testing the build',
  commit: 'Keeping the build',
  'roll-back': 'Going back to the build before',
}

/** The same in a word or two, for a row of all steps. */
export const stepNames: Record<StepName, string> = {
  'make-room': 'Make room',
  fetch: 'Fetch',
  verify: 'Verify',
  'stop-engine': 'Stop',
  'start-engine': 'Start',
  'smoke-test': 'Test',
  commit: 'Keep',
  'roll-back': 'Go back',
}
