import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { beside } from '../beside'
import { type Clip, clipOf } from './clip'
import type { Job, Told } from './decode-thread'
import type { AudioRefusal } from './refusal'

export { type Clip, sampleRate } from './clip'
export type { AudioRefusal } from './refusal'

export type Decoded = { ok: true; clip: Clip } | { ok: false; refusal: AudioRefusal }

/** A thread that decodes nothing for so long is stuck in a file that was made for it. */
const patienceMs = 30_000

/** Heap of the thread. The file, the clip and what the decoders hold are outside of it, and bounded by themselves. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 }

/**
 * Any common sound file as a clip; the kind is told by its content, never by a name. It is decoded on a thread that ends
 * with it, so that no file can hold up the agent or take it down. `bytes` are copied and stay as they are.
 * Throws the signal's reason when it is aborted.
 */
export async function decode(
  bytes: Uint8Array,
  limits: { mostSeconds: number },
  signal?: AbortSignal,
): Promise<Decoded> {
  signal?.throwIfAborted()
  const job: Job = { bytes, mostSeconds: limits.mostSeconds }
  const thread = new Worker(beside('decode-thread.js'), { workerData: job, resourceLimits, stdout: true, stderr: true })
  try {
    return await answerOf(thread, signal)
  } finally {
    await thread.terminate()
  }
}

async function answerOf(thread: Worker, signal?: AbortSignal): Promise<Decoded> {
  const refused = (message: string): Decoded => ({ ok: false, refusal: { code: 'audio-broken', message } })
  for (;;) {
    const patience = AbortSignal.timeout(patienceMs)
    const ended = signal ? AbortSignal.any([signal, patience]) : patience
    try {
      const [told] = (await once(thread, 'message', { signal: ended })) as [Told]
      if ('samples' in told) return { ok: true, clip: clipOf(told.samples) }
      if ('refusal' in told) return { ok: false, refusal: told.refusal }
    } catch (error) {
      signal?.throwIfAborted()
      if (patience.aborted)
        return refused(`no progress for ${patienceMs / 1000} s: convert the file with another program`)
      return refused(`the decoder failed (${(error as Error).message}): convert the file with another program`)
    }
  }
}
