/** The machine that takes a change through a fleet: `begin`, then `advance` for ever; people `act`. */
export { act, refuse } from './act'
export { type Advanced, advance, type Deed, hasEnded } from './advance'
export { begin, devicesOf, join, leave, type Target } from './begin'
export { type Count, count, needed } from './count'
export type { Observation, Observations } from './observation'
export { classSpeeds, type MeasuredSpeed } from './speeds'
export { isOpen, opensAt } from './window'
