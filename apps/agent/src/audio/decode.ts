import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beside } from '../beside'
import { type Clip, clipOf } from './clip'
import type { Told } from './decoder'
import type { AudioRefusal } from './refusal'

export { type Clip, sampleRate } from './clip'
export type { AudioRefusal } from './refusal'

export type Decoded = { ok: true; clip: Clip } | { ok: false; refusal: AudioRefusal }

/** A decoder that gets nowhere for so long is stuck in a file that was made for it. */
const patienceMs = 30_000

/** Heap of the decoder. The file, the clip and what the codecs hold are outside of it, and bounded by themselves. */
const heap = ['--max-old-space-size=128', '--expose-gc']

/**
 * Any common sound file as a clip; the kind is told by its content, never by a name. It is decoded in a process that ends
 * with it, so that no file can hold up the agent or take it down. (Not a thread: of Node 20's, one in twenty never ended
 * after it had run WebAssembly, and out of memory it takes the agent with it.) Throws the signal's reason when it is
 * aborted.
 */
export async function decode(
  bytes: Uint8Array,
  { mostSeconds }: { mostSeconds: number },
  signal?: AbortSignal,
): Promise<Decoded> {
  signal?.throwIfAborted()
  const { NODE_OPTIONS: _, ...env } = process.env
  const script = fileURLToPath(beside('decoder.js'))
  const decoder = spawn(process.execPath, [...heap, script, String(mostSeconds), String(bytes.length)], {
    stdio: ['pipe', 'pipe', 'ignore', 'ipc'],
    env,
    windowsHide: true,
  })
  try {
    decoder.stdin?.on('error', () => {}) // it may have refused the file before it has all of it
    decoder.stdin?.end(bytes)
    return await answerOf(decoder, signal)
  } finally {
    decoder.kill('SIGKILL')
  }
}

function answerOf(decoder: ChildProcess, signal?: AbortSignal): Promise<Decoded> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string) =>
      resolve({
        ok: false,
        refusal: { code: 'audio-broken', message: `${why}: convert the file with another program` },
      })
    const patience = setTimeout(() => refuse(`no progress for ${patienceMs / 1000} s`), patienceMs)
    const abort = () => reject(signal?.reason)
    signal?.addEventListener('abort', abort)

    const take = (length: number) => {
      const samples = new Float32Array(length)
      const bytes = new Uint8Array(samples.buffer)
      let at = 0
      decoder.stdout?.on('data', (chunk: Buffer) => {
        patience.refresh()
        bytes.set(chunk, at)
        at += chunk.length
        if (at === bytes.length) resolve({ ok: true, clip: clipOf(samples) })
      })
    }
    decoder
      .on('message', (told: Told) => {
        patience.refresh()
        if ('refusal' in told) resolve({ ok: false, refusal: told.refusal })
        if ('samples' in told) take(told.samples)
      })
      .on('error', ({ message }) => refuse(`the decoder did not start (${message})`))
      .on('close', (code, killed) => {
        clearTimeout(patience)
        signal?.removeEventListener('abort', abort)
        refuse(`the decoder ended early (${killed ?? `exit ${code}`})`)
      })
  })
}
