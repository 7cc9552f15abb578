import type { Role } from '@tradewind/store'
import type { Deed } from '../people/permission'

/** What each deed is, as the table of roles says it. */
export const deedNames: Record<Deed, string> = {
  read: 'See everything here',
  'create-enrol-token': 'Make enrolment tokens',
  'revoke-enrol-token': 'Revoke enrolment tokens',
  'decide-parked': 'Approve or refuse waiting devices',
  'rename-device': 'Rename devices',
  'ask-device': 'Try devices and read their logs',
  'manage-mirror': 'Add to the mirror and prune it',
  'label-device': 'Label devices',
  'change-workloads': 'Make and change workloads',
  'change-clips': 'Add and remove clips that new builds are tested on',
  assign: 'Assign models, restart engines, decide on proposals',
  'steer-rollouts': 'Pause, resume and roll back rollouts',
  'handle-problems': 'Acknowledge and silence problems',
  'revoke-device': 'Revoke devices',
  'change-catalogue': 'Change the catalogue of models',
  'change-retention': 'Change how long records are kept',
  'manage-api-tokens': 'Make and revoke API tokens',
  'manage-people': 'Invite people, give roles, remove people',
}

export const roleNames: Record<Role, string> = { viewer: 'Viewer', operator: 'Operator', admin: 'Admin' }
export const roleMeanings: Record<Role, string> = {
  viewer: 'Sees everything, changes nothing.',
  operator: 'Runs the fleet: enrols, assigns, rolls out.',
  admin: 'Also revokes devices and decides who may do what.',
}
