import { openStore, type Store } from '@tradewind/store'
import { inData } from './env'

const process = globalThis as { tradewindStore?: Promise<Store> }

/** One store per process: Next.js may load this module more than once. A failed opening is tried again. */
export function store(): Promise<Store> {
  process.tradewindStore ??= openStore(inData('tradewind.db')).catch((error) => {
    process.tradewindStore = undefined
    throw error
  })
  return process.tradewindStore
}
