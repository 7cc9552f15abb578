import { Worker } from 'node:worker_threads'

const lookEveryMs = 500

/** Looks whether the parent is still there; on Windows an orphan keeps its parent's number. */
const watch = `
const { workerData } = require('node:worker_threads')
const isThere = () => {
  try {
    return process.ppid === workerData && process.kill(workerData, 0)
  } catch {
    return false
  }
}
setInterval(() => isThere() || process.kill(process.pid, 'SIGKILL'), ${lookEveryMs})
`

/**
 * Ends this process when its parent has ended, however that happened and whatever native code does meanwhile: that may hold
 * the event loop for as long as it likes, and a thread has a loop of its own.
 */
export function endWithParent(): void {
  const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 8 }
  new Worker(watch, { eval: true, workerData: process.ppid, resourceLimits }).unref()
}
