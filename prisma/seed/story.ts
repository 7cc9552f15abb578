import type { Facts } from '@tradewind/protocol'
import type { SeedDevice } from './cast'

/** A time in which nothing was heard of a device, and how that came to be. */
export type Absence = { fromMs: number; toMs: number; how: 'lost' | 'disconnected' | 'sleeping' }

/** What a device says of itself at a moment, where that differs from when all is well. */
export type NewFacts = { atMs: number; facts: Facts }

/** What befalls one device beside its ordinary days. */
export type Plot = {
  absences: Absence[]
  /** degrees Celsius above what it would have */
  heat: (atMs: number) => number
  /** by which it is busier than it would be */
  load: (atMs: number) => number
  reports: NewFacts[]
  /** of the speed that its build has, what is left */
  speed: (atMs: number) => number
}

export const quiet: Plot = { absences: [], heat: () => 0, load: () => 1, reports: [], speed: () => 1 }

/** A trouble that a person could have, told by some devices of the fleet. */
export type Story = {
  /** for whoever looks for it in the dashboard */
  about: string
  devices: (fleet: SeedDevice[]) => SeedDevice[]
  plot: (device: SeedDevice, index: number, when: { nowMs: number; days: number; seed: number }) => Plot
}

export const isPi = ({ facts }: SeedDevice) => facts.board?.model.startsWith('Raspberry Pi') === true

/** The labels of the site with the given place among those of the fleet. */
export const siteOf = (fleet: SeedDevice[], place: number): string | undefined =>
  [...new Set(fleet.map(({ labels }) => labels.site))][place]
