// The program that decodes files, one after the other: told over the channel that `decode` opens, the file on standard input,
// the samples on standard output. It ends with whoever started it.
import { read } from './read'
import { Refused } from './refusal'

/** A file to decode: its length in bytes follows on standard input. */
export type Job = { mostSeconds: number; bytes: number }

/** What is told: that it goes on, again and again; then why there is no clip, or how many samples follow. */
export type Told = { progress: true } | { refusal: { code: Refused['code']; message: string } } | { samples: number }

const tell = (told: Told) => process.send?.(told)

const progressEveryMs = 1000
let toldMs = performance.now()
function onProgress() {
  if (performance.now() - toldMs < progressEveryMs) return
  toldMs = performance.now()
  tell({ progress: true })
}

/** What came on standard input and belongs to no file yet. */
const came: Buffer[] = []
let wake = () => {}
process.stdin.on('data', (chunk: Buffer) => {
  came.push(chunk)
  wake()
})

async function fileOf(length: number): Promise<Uint8Array> {
  const file = new Uint8Array(length)
  for (let at = 0; at < length; ) {
    const chunk = came.shift()
    if (chunk) {
      file.set(chunk, at) // nobody sends the next file before this one is answered
      at += chunk.length
    } else
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
  return file
}

async function decode({ mostSeconds, bytes }: Job) {
  try {
    const clip = await read(await fileOf(bytes), { mostSeconds, onProgress })
    tell({ samples: clip.length })
    process.stdout.write(Buffer.from(clip.buffer, clip.byteOffset, clip.byteLength), () => {
      // a long file leaves much behind: what comes next begins anew
      if (process.memoryUsage.rss() > mostRssBytes) process.exit()
      globalThis.gc?.()
    })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    tell({ refusal: { code: error.code, message: error.message } })
  }
}

const mostRssBytes = 256 * 1024 * 1024

process.on('message', (job: Job) => void decode(job))
process.on('disconnect', () => process.exit())
