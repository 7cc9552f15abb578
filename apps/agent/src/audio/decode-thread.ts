import { parentPort, workerData } from 'node:worker_threads'
import { read } from './read'
import { Refused } from './refusal'

/** What the thread says: that it goes on; then one of the other two, and it ends. */
export type Told =
  | { progress: true }
  | { samples: Float32Array<ArrayBuffer> }
  | { refusal: { code: Refused['code']; message: string } }

export type Job = { bytes: Uint8Array; mostSeconds: number }

const progressEveryMs = 1000
let toldMs = 0
function onProgress() {
  if (performance.now() - toldMs < progressEveryMs) return
  toldMs = performance.now()
  parentPort?.postMessage({ progress: true } satisfies Told)
}

const { bytes, mostSeconds } = workerData as Job
try {
  const samples = (await read(bytes, { mostSeconds, onProgress })) as Float32Array<ArrayBuffer>
  parentPort?.postMessage({ samples } satisfies Told, [samples.buffer])
} catch (error) {
  if (!(error instanceof Refused)) throw error
  parentPort?.postMessage({ refusal: { code: error.code, message: error.message } } satisfies Told)
}
