// The program that decodes one file and ends: `decoder.js MOST-SECONDS BYTES`, the file on standard input, the samples on
// standard output. It tells the rest over the channel that `decode` opens.
import { read } from './read'
import { Refused } from './refusal'

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

async function fileOf(length: number): Promise<Uint8Array> {
  const file = new Uint8Array(length)
  let at = 0
  for await (const chunk of process.stdin) {
    file.set(chunk, at)
    at += chunk.length
  }
  return file.subarray(0, at)
}

const [mostSeconds = 0, length = 0] = process.argv.slice(2).map(Number)
try {
  const {
    buffer,
    byteOffset,
    byteLength,
    length: samples,
  } = await read(await fileOf(length), { mostSeconds, onProgress })
  tell({ samples })
  process.stdout.write(Buffer.from(buffer, byteOffset, byteLength))
} catch (error) {
  if (!(error instanceof Refused)) throw error
  tell({ refusal: { code: error.code, message: error.message } })
}
