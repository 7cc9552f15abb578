import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { SmokeClip } from '@tradewind/protocol'
import { SeekError } from './seek-error'

export type FetchClip = (
  path: string,
  limits: { mostBytes: number; signal: AbortSignal },
) => Promise<{ status: number; body: Buffer }>

/** The operators' clips that a test needs, under their sha256, for as long as it needs them. What they say is told to nobody. */
export class SmokeClips {
  constructor(private folder: string) {}

  /** Bytes that are still to be fetched. */
  async missingBytes(clips: SmokeClip[]): Promise<number> {
    return (await this.#missing(clips)).reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Throws `SeekError`: `unreachable`, `not-found`, `source-failed`, `clip-differs`. */
  async fetch(clips: SmokeClip[], fetchClip: FetchClip | null, signal: AbortSignal): Promise<void> {
    for (const clip of await this.#missing(clips)) {
      if (!fetchClip) throw new SeekError('unreachable', 'the hub has the clip, and is not there', { host: 'hub' })
      const { status, body } = await fetchClip(`/smoke-clips/${clip.sha256}`, { mostBytes: clip.bytes, signal }).catch(
        (error) => {
          throw new SeekError('unreachable', (error as Error).message, { host: 'hub' })
        },
      )
      if (status !== 200)
        throw new SeekError(status === 404 ? 'not-found' : 'source-failed', `a clip: HTTP ${status}`, { status })
      const isIt = createHash('sha256').update(body).digest('hex') === clip.sha256
      if (!isIt)
        throw new SeekError('clip-differs', 'the hub sent another clip than was assigned', { bytes: body.length })
      await this.#write(clip, body)
    }
  }

  read = ({ sha256 }: SmokeClip): Promise<Buffer> => readFile(path.join(this.folder, sha256))

  /** All that this test does not need. */
  async forget(butFor: SmokeClip[] = []): Promise<void> {
    const kept = new Set(butFor.map(({ sha256 }) => sha256))
    for (const name of await readdir(this.folder).catch(() => []))
      if (!kept.has(name)) await rm(path.join(this.folder, name), { force: true }).catch(() => {})
  }

  async #missing(clips: SmokeClip[]): Promise<SmokeClip[]> {
    const sizes = await Promise.all(
      clips.map(({ sha256 }) =>
        stat(path.join(this.folder, sha256)).then(
          ({ size }) => size,
          () => -1,
        ),
      ),
    )
    return clips.filter(({ bytes }, index) => sizes[index] !== bytes)
  }

  async #write({ sha256 }: SmokeClip, body: Buffer) {
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    const file = path.join(this.folder, sha256)
    const handle = await open(`${file}.new`, 'w', 0o600)
    try {
      await handle.writeFile(body)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(`${file}.new`, file)
  }
}
