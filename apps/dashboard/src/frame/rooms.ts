import type { Role, Waiting } from '@tradewind/store'
import {
  CirclePlus,
  Cpu,
  House,
  Lightbulb,
  type LucideIcon,
  MonitorSmartphone,
  ScrollText,
  Settings,
  Split,
  TriangleAlert,
  Waves,
} from 'lucide-react'
import { type Deed, may } from '../people/permission'

export type Room = {
  href: string
  name: string
  Icon: LucideIcon
  /** pressed after g, it leads there */
  key: string
  /** words that people may look for it by */
  also: string
  /** pages that belong to it and have addresses of their own */
  with?: string[]
  /** who may not do it has no use for the room */
  deed?: Deed
  /** what waits in it */
  waits?: { what: keyof Waiting; say: (number: string) => string }
}

const overview: Room = { href: '/', name: 'Overview', Icon: House, key: 'o', also: 'home attention' }
const problems: Room = {
  ...{ href: '/problems', name: 'Problems', Icon: TriangleAlert, key: 'p', also: 'health alerts' },
  waits: { what: 'problems', say: (number) => `${number} need attention` },
}
const devices: Room = { href: '/devices', name: 'Devices', Icon: MonitorSmartphone, key: 'd', also: 'fleet list table' }
const models: Room = { href: '/models', name: 'Models', Icon: Cpu, key: 'm', also: 'variants builds catalogue compare' }
const assign: Room = {
  ...{ href: '/assign', name: 'Assign', Icon: Split, key: 'a', also: 'workloads deploy', with: ['/workloads'] },
  deed: 'assign',
}
const rollouts: Room = {
  ...{ href: '/rollouts', name: 'Rollouts', Icon: Waves, key: 'r', also: 'waves deployment' },
  waits: { what: 'rollouts', say: (number) => `${number} under way or paused` },
}
const proposals: Room = {
  ...{ href: '/proposals', name: 'Proposals', Icon: Lightbulb, key: 'l', also: 'suggestions accept dismiss' },
  waits: { what: 'proposals', say: (number) => `${number} to decide` },
}
const add: Room = {
  ...{ href: '/add', name: 'Add a device', Icon: CirclePlus, key: 'n', also: 'enrol token new' },
  deed: 'create-enrol-token',
}
const audit: Room = { href: '/audit', name: 'Audit', Icon: ScrollText, key: 'u', also: 'who did what log' }
const settings: Room = {
  ...{ href: '/settings', name: 'Settings', Icon: Settings, key: 's', also: 'account people api tokens theme' },
}

/** What there is and how it is, what changes it, and what is kept of that. */
const groups: Room[][] = [
  [overview, devices, models],
  [assign, rollouts, proposals, problems],
  [add, audit, settings],
]

const isFor = (role: Role) => (room: Room) => !room.deed || may(role, room.deed)

export const roomGroups = (role: Role) => groups.map((rooms) => rooms.filter(isFor(role)))
export const roomsFor = (role: Role) => groups.flat().filter(isFor(role))
/** Within reach of a thumb; the others are behind "More". */
export const firstRooms = (role: Role) => [overview, devices, problems, rollouts].filter(isFor(role))

export const isHere = (path: string, { href, with: others = [] }: Room) =>
  [href, ...others].some((one) => path === one || (one !== '/' && path.startsWith(`${one}/`)))
