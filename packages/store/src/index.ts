export type { Actor } from './audit'
export {
  type DeviceOrder,
  type DevicePage,
  type DeviceQuery,
  deviceOrders,
  type Latest,
  type ListedPresence,
} from './device-pages'
export { parkingPlaces, UsageError } from './enrolment'
export { newId, newSecret, sha256 } from './ids'
export { hubEvent } from './ingest'
export * from './model'
export { openStore, type Store } from './open'
export type { ParkedPage, ParkedQuery } from './parked-pages'
export { openStoreThread, type StoreThread } from './thread'
