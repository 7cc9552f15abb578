import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beside } from '../beside'
import { type Clip, clipOf } from './clip'
import type { Job, Told } from './decoder'
import type { AudioRefusal } from './refusal'

export { type Clip, sampleRate } from './clip'
export type { AudioRefusal } from './refusal'

export type Decoded = { ok: true; clip: Clip } | { ok: false; refusal: AudioRefusal }

/** A decoder that gets nowhere for so long is stuck in a file that was made for it. */
const patienceMs = 30_000
/** A decoder waits so long for the next file: to start one takes longer than to decode a short clip. */
const idleMs = 20_000

/** Heap of the decoder. The file, the clip and what the codecs hold are outside of it, and bounded by themselves. */
const heap = ['--max-old-space-size=128', '--expose-gc']

/** One that has decoded a file well and waits for the next. */
let idle: { decoder: ChildProcess; timer: NodeJS.Timeout } | null = null

/**
 * Any common sound file as a clip; the kind is told by its content, never by a name. It is decoded in a process of its own,
 * so that no file can hold up the agent or take it down; one that met a bad file ends with it. (Not a thread: of Node 20's,
 * one in twenty never ended after it had run WebAssembly, and out of memory it takes the agent with it.) Throws the signal's
 * reason when it is aborted.
 */
export async function decode(
  bytes: Uint8Array,
  { mostSeconds }: { mostSeconds: number },
  signal?: AbortSignal,
): Promise<Decoded> {
  signal?.throwIfAborted()
  const decoder = takeIdle() ?? start()
  try {
    const job: Job = { mostSeconds, bytes: bytes.length }
    decoder.send(job)
    decoder.stdin?.write(bytes)
    const decoded = await answerOf(decoder, signal)
    if (decoded.ok) keepIdle(decoder)
    else decoder.kill('SIGKILL')
    return decoded
  } catch (error) {
    decoder.kill('SIGKILL')
    throw error
  }
}

function start(): ChildProcess {
  const { NODE_OPTIONS: _, ...env } = process.env
  const decoder = spawn(process.execPath, [...heap, fileURLToPath(beside('decoder.js'))], {
    stdio: ['pipe', 'pipe', 'ignore', 'ipc'],
    env,
    windowsHide: true,
  })
  decoder.stdin?.on('error', () => {}) // it may have refused the file before it has all of it
  decoder.on('error', () => {}) // whoever asked hears of it
  return decoder
}

function takeIdle(): ChildProcess | null {
  const taken = idle
  idle = null
  if (!taken) return null
  clearTimeout(taken.timer)
  hold(taken.decoder, true)
  return taken.decoder.connected ? taken.decoder : null
}

function keepIdle(decoder: ChildProcess) {
  if (idle || !decoder.connected) return void decoder.kill('SIGKILL')
  const timer = setTimeout(() => {
    idle = null
    decoder.kill('SIGKILL')
  }, idleMs)
  timer.unref()
  hold(decoder, false)
  idle = { decoder, timer }
}

/** Whether this program goes on because of a decoder: not because of one that waits. */
function hold(decoder: ChildProcess, isHeld: boolean) {
  const handles = [decoder, decoder.channel, decoder.stdin, decoder.stdout] as unknown as NodeJS.Timeout[]
  for (const handle of handles) isHeld ? handle?.ref?.() : handle?.unref?.()
}

function answerOf(decoder: ChildProcess, signal?: AbortSignal): Promise<Decoded> {
  return new Promise<Decoded>((resolve, reject) => {
    const settle = (decoded: Decoded) => {
      leave()
      resolve(decoded)
    }
    const refuse = (why: string) =>
      settle({
        ok: false,
        refusal: { code: 'audio-broken', message: `${why}: convert the file with another program` },
      })
    const abort = () => {
      leave()
      reject(signal?.reason)
    }
    const patience = setTimeout(() => refuse(`no progress for ${patienceMs / 1000} s`), patienceMs)
    let samples = new Float32Array(0)
    let bytes = new Uint8Array(samples.buffer)
    let at = 0
    const take = (chunk: Buffer) => {
      patience.refresh()
      bytes.set(chunk, at)
      at += chunk.length
      if (at === bytes.length) settle({ ok: true, clip: clipOf(samples) })
    }
    const hear = (told: Told) => {
      patience.refresh()
      if ('refusal' in told) return settle({ ok: false, refusal: told.refusal })
      if (!('samples' in told)) return
      samples = new Float32Array(told.samples)
      bytes = new Uint8Array(samples.buffer)
      decoder.stdout?.on('data', take).resume()
    }
    const fail = ({ message }: Error) => refuse(`the decoder did not start (${message})`)
    const end = (code: number | null, killed: string | null) =>
      refuse(`the decoder ended early (${killed ?? `exit ${code}`})`)
    const leave = () => {
      clearTimeout(patience)
      signal?.removeEventListener('abort', abort)
      // the samples of the next clip may come before the word of them
      decoder.off('message', hear).off('error', fail).off('close', end).stdout?.off('data', take).pause()
    }
    signal?.addEventListener('abort', abort)
    decoder.on('message', hear).on('error', fail).on('close', end)
  })
}
