import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Person } from './people'

/** What a seeded folder remembers, for whoever signs in and for `--live`. `secret` makes the keys of its devices. */
export type Memory = {
  seed: number
  devices: number
  days: number
  story: string | null
  seededMs: number
  secret: string
  people: Person[]
}

export const memoryFile = (data: string) => path.join(data, 'seed.json')

export const remember = (data: string, memory: Memory) =>
  writeFileSync(memoryFile(data), `${JSON.stringify(memory, null, 2)}\n`, { mode: 0o600 })

/** Null for a folder that was not seeded. */
export function recall(data: string): Memory | null {
  try {
    return JSON.parse(readFileSync(memoryFile(data), 'utf8')) as Memory
  } catch {
    return null
  }
}
