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
  'manage-api-tokens': 'admin',
} as const satisfies Record<string, Role>

export type Deed = keyof typeof leastRole
export const deeds = Object.keys(leastRole) as Deed[]

const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }

export const may = (role: Role, deed: Deed) => rank[role] >= rank[leastRole[deed]]
export const roleFor = (deed: Deed): Role => leastRole[deed]
