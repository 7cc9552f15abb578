import type { Role } from '@tradewind/store'

/** The least role that may do each thing. */
const leastRole = {
  read: 'viewer',
  'create-enrol-token': 'operator',
  'revoke-enrol-token': 'operator',
  'decide-parked': 'operator',
  'rename-device': 'operator',
  'ask-device': 'operator',
  'manage-mirror': 'operator',
  'label-device': 'operator',
  'change-workloads': 'operator',
  'change-clips': 'operator',
  assign: 'operator',
  'steer-rollouts': 'operator',
  'handle-problems': 'operator',
  'revoke-device': 'admin',
  'change-catalogue': 'admin',
  'change-retention': 'admin',
  'manage-api-tokens': 'admin',
  'manage-people': 'admin',
} as const satisfies Record<string, Role>

export type Deed = keyof typeof leastRole
export const deeds = Object.keys(leastRole) as Deed[]

const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }

export const may = (role: Role, deed: Deed) => rank[role] >= rank[leastRole[deed]]
/** Whether there is anything to do with devices that are selected. */
export const maySelect = (role: Role) => may(role, 'label-device') || may(role, 'assign') || may(role, 'revoke-device')
export const roleFor = (deed: Deed): Role => leastRole[deed]

/** What somebody may do: all of a role, or only some deeds of it, as API tokens may be made. */
export type Rights = { role: Role; deeds: readonly string[] | null }

/** A deed that is named and not of the role is still not allowed. */
export const mayDo = ({ role, deeds }: Rights, deed: Deed) =>
  may(role, deed) && (deeds === null || deeds.includes(deed))

/** Nobody gives what they have not: else a token for one deed could make one for all. */
export const mayGive = (giver: Rights, given: Rights) =>
  deeds.every((deed) => !mayDo(given, deed) || mayDo(giver, deed))
