import { statfs } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { readIfThere, writeWhole } from '@tradewind/disk'
import { HostError, type Measurement, type Measurements } from '../host/host'
import { measureMemoryBandwidth } from './memory-bandwidth'
import { largeModelIn, measureOwnReadSpeed, measureReadSpeed } from './read-speed'

/** `once`: measured when nothing is remembered, then remembered. `look`: measured, but nothing is written. */
export type Measuring = 'once' | 'look' | 'never'

/** What a value holds for, and how it is found; `null` where it cannot be without writing. */
type Method = { of: string; measure: () => Promise<number>; writes?: boolean }

/**
 * What the hardware below the data folder was measured to do. Each value is measured once and kept in `measured.json`
 * of that folder, with what it was measured on: another processor, another disk or a first model file make it anew; a
 * restart does not. One measurement at a time, none while the host is busy.
 */
export function measuredIn(folder: string, measuring: Measuring): Measurements {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    measured: (what) => {
      const answer = turn.then(() => recallOrMeasure(folder, measuring, what))
      turn = answer.catch(() => {})
      return answer
    },
  }
}

async function recallOrMeasure(folder: string, measuring: Measuring, what: Measurement): Promise<number> {
  const { of, measure, writes = false } = await methods[what](folder)
  const known = (await recall(folder))[what]
  if (known?.of === of) return known.bytesPerSecond
  if (measuring === 'never') throw new HostError('not-present', `${what} was never measured here`)
  if (measuring === 'look' && writes)
    throw new HostError(
      'not-present',
      `${what} was never measured here: it takes a file, which the agent writes when it runs`,
    )
  const load = os.loadavg()[0] ?? 0
  if (load > os.availableParallelism())
    throw new HostError('failed', `the host is busy: its load is ${load.toFixed(1)}`)
  const bytesPerSecond = await measure()
  if (measuring === 'once') await remember(folder, what, { of, bytesPerSecond })
  return bytesPerSecond
}

const methods: Record<Measurement, (folder: string) => Promise<Method>> = {
  'memory-bandwidth': async () => ({ of: processorAndMemory(), measure: measureMemoryBandwidth }),
  'read-speed': async (folder) => {
    const model = await largeModelIn(folder)
    const of = `${await filesystemOf(folder)}, ${model ? 'a model' : 'a small file'}`
    if (model) return { of, measure: () => measureReadSpeed(model) }
    return { of, measure: () => measureOwnReadSpeed(folder), writes: true }
  },
}

/** Memory in steps of 256 MiB: kernels of one board reserve differently. */
const processorAndMemory = () =>
  `${os.machine()} ${os.cpus()[0]?.model.trim() ?? ''} x ${os.availableParallelism()}, ${Math.round(os.totalmem() / 2 ** 28) / 4} GiB`

async function filesystemOf(folder: string): Promise<string> {
  const { type, bsize, blocks } = await statfs(folder)
  return `filesystem 0x${type.toString(16)} of ${bsize * blocks} bytes`
}

type Known = { of: string; bytesPerSecond: number }
const fileIn = (folder: string) => path.join(folder, 'measured.json')

/** What cannot be read is measured anew. */
async function recall(folder: string): Promise<Partial<Record<Measurement, Known>>> {
  try {
    const said: unknown = JSON.parse((await readIfThere(fileIn(folder))) ?? '{}')
    return Object.fromEntries(Object.entries(said ?? {}).filter(([, known]) => isKnown(known)))
  } catch {
    return {}
  }
}

const isKnown = (value: Partial<Known> | null) =>
  typeof value?.of === 'string' && typeof value.bytesPerSecond === 'number' && value.bytesPerSecond > 0

/** A folder that takes nothing costs a measurement with each start, no more. */
async function remember(folder: string, what: Measurement, known: Known) {
  const all = { ...(await recall(folder)), [what]: known }
  await writeWhole(fileIn(folder), `${JSON.stringify(all, null, 2)}\n`).catch(() => {})
}
