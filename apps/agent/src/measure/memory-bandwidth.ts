import os from 'node:os'
import { HostError } from '../host/host'
import { apart } from './apart'

const mebibyte = 1024 * 1024
/** Long enough for a steady rate, short enough that nobody notices. */
const forMs = 250
/** Below this share of the cores the copy was held up by others, and its rate says nothing of the memory. */
const leastShare = 0.8

/**
 * Bytes per second, read plus written, of a copy on all cores for a quarter of a second. The buffers take at most
 * 512 MiB and an eighth of the free memory. Throws a `HostError` when there is too little of it, or the host is busy.
 */
export async function measureMemoryBandwidth(): Promise<number> {
  const threads = os.availableParallelism()
  const bufferBytes = bufferBytesOf(threads, Math.min(os.freemem(), process.availableMemory()))
  const { bytesPerSecond, cpuShare } = await apart(copyOnAllCores, { threads, bufferBytes, forMs }, 8_000)
  if (cpuShare < leastShare)
    throw new HostError('failed', `the host is busy: a copy got ${Math.round(cpuShare * 100)} % of the cores`)
  return Math.round(bytesPerSecond)
}

/** Of each of a thread's two buffers: larger than caches, where there is memory for it. */
export function bufferBytesOf(threads: number, freeBytes: number): number {
  const bytes = Math.floor(Math.min(512 * mebibyte, freeBytes / 8) / (2 * threads))
  if (bytes < 4 * mebibyte)
    throw new HostError('failed', `too little memory is free to copy any: ${Math.round(freeBytes / mebibyte)} MiB`)
  return Math.min(bytes, 32 * mebibyte)
}

type Copying = { threads: number; bufferBytes: number; forMs: number }

/** Runs apart: all threads wait at a gate until the last has its buffers, then copy side by side. */
async function copyOnAllCores({ threads, bufferBytes, forMs }: Copying) {
  const { Worker } = process.getBuiltinModule('node:worker_threads')
  const copy = `
    const { parentPort, workerData: { gate, bufferBytes, forMs } } = process.getBuiltinModule('node:worker_threads')
    const from = new Uint8Array(bufferBytes).fill(1)
    const to = new Uint8Array(bufferBytes)
    to.set(from) // so that every page is there before the clock starts
    parentPort.postMessage('ready')
    Atomics.wait(gate, 0, 0)
    const began = performance.now()
    let bytes = 0
    let tookMs = 0
    for (; tookMs < forMs; tookMs = performance.now() - began) {
      to.set(from)
      bytes += 2 * bufferBytes
    }
    parentPort.postMessage((bytes * 1000) / tookMs)`
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const workers = Array.from(
    { length: threads },
    () => new Worker(copy, { eval: true, workerData: { gate, bufferBytes, forMs } }),
  )
  const all = () =>
    Promise.all(
      workers.map(
        (worker) =>
          new Promise<unknown>((resolve, reject) => {
            worker.once('message', resolve).once('error', reject)
          }),
      ),
    )
  await all()
  const done = all()
  const [began, cpuBefore] = [performance.now(), process.cpuUsage()]
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
  const rates = (await done) as number[]
  const { user, system } = process.cpuUsage(cpuBefore)
  const cpuShare = (user + system) / 1000 / (threads * (performance.now() - began))
  return { bytesPerSecond: rates.reduce((sum, rate) => sum + rate, 0), cpuShare }
}
