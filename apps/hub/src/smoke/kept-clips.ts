import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { readIfThere, writeWhole } from '@tradewind/disk'
import { mostSmokeClipBytes, type SmokeClip, SmokeClipKept, type SmokeClipWish } from '@tradewind/protocol'
import { newId, type StoreThread } from '@tradewind/store'
import { z } from 'zod'

/** Of one workload, and of one build: together no more than an assignment may carry. */
const mostOfOne = 10
/** All clips together. Bytes. */
const mostBytes = 256 * 1024 * 1024
/** For so long a device that was told of a clip may still ask for it after it was deleted. Milliseconds. */
const graceMs = 7 * 86_400_000

/** The clips that the smoke test of a build is to have, for a workload or for none. */
export type ClipsFor = (workload: string | null, build: string) => SmokeClip[]
export type ClipRefusal = 'too-large' | 'clips-full' | 'not-audio'

const Index = z.object({ clips: z.array(SmokeClipKept) })

/**
 * Clips of operators, with what is spoken in them. Invariants:
 * - a clip lies under its sha256 before the index names it, so that what an assignment names can be fetched;
 * - one that was deleted is in no new assignment; its bytes stay a while for devices that were told of it before.
 */
export class KeptClips {
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(
    private folder: string,
    private clips: SmokeClipKept[],
    private parts: { store: StoreThread; now: () => number },
  ) {}

  static async open(folder: string, parts: { store: StoreThread; now: () => number }): Promise<KeptClips> {
    const text = await readIfThere(path.join(folder, 'index.json'))
    const kept = new KeptClips(folder, text === null ? [] : Index.parse(JSON.parse(text)).clips, parts)
    await kept.#sweep()
    return kept
  }

  list = (): SmokeClipKept[] => this.clips

  of: ClipsFor = (workload, build) =>
    this.clips
      .filter((one) => one.build === build || (workload !== null && one.workload === workload))
      .map(({ sha256, bytes, language, reference }) => ({ sha256, bytes, language, reference }))
      .filter((one, i, all) => all.findIndex(({ sha256 }) => sha256 === one.sha256) === i)

  /** Bytes by their sha256; null where there are none. */
  async read(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) return null
    const bytes = await readFile(path.join(this.folder, sha256)).catch(() => null)
    return bytes && new Uint8Array(bytes)
  }

  /** Durable when it resolves. Added once more to the same, its text and language are replaced. */
  add(bytes: Buffer, { workload, build, language, text }: SmokeClipWish, actor: string) {
    return this.#inTurn(async (): Promise<SmokeClipKept | ClipRefusal> => {
      if (bytes.length > mostSmokeClipBytes) return 'too-large'
      if (!isAudio(bytes)) return 'not-audio'
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const target = { workload: workload ?? null, build: build ?? null }
      const isOfTarget = (one: SmokeClipKept) => one.workload === target.workload && one.build === target.build
      const others = this.clips.filter((one) => !(isOfTarget(one) && one.sha256 === sha256))
      const held = new Map(others.map((one) => [one.sha256, one.bytes]))
      const sum = [...held.set(sha256, bytes.length).values()].reduce((all, one) => all + one, 0)
      if (others.filter(isOfTarget).length >= mostOfOne || sum > mostBytes) return 'clips-full'
      const added = { addedMs: this.parts.now(), addedBy: actor }
      const clip = { id: newId(), sha256, bytes: bytes.length, language, reference: text, ...target, ...added }
      await writeWhole(path.join(this.folder, sha256), bytes)
      await this.#keep([...others, clip])
      await this.parts.store.noteClip('clip-added', workload ?? build ?? '', bytes.length, actor)
      return clip
    })
  }

  /** False when there is no such clip. */
  remove(id: string, actor: string) {
    return this.#inTurn(async (): Promise<boolean> => {
      const clip = this.clips.find((one) => one.id === id)
      if (!clip) return false
      await this.#keep(this.clips.filter((one) => one !== clip))
      await this.parts.store.noteClip('clip-deleted', clip.workload ?? clip.build ?? '', clip.bytes, actor)
      return true
    })
  }

  async #keep(clips: SmokeClipKept[]) {
    await writeWhole(path.join(this.folder, 'index.json'), JSON.stringify({ clips }))
    this.clips = clips
  }

  /** Gives up bytes that no clip names any more. */
  async #sweep() {
    const named = new Set(['index.json', ...this.clips.map(({ sha256 }) => sha256)])
    for (const name of await readdir(this.folder).catch(() => [])) {
      const file = path.join(this.folder, name)
      const isOld = (await stat(file)).mtimeMs < this.parts.now() - graceMs
      if (!named.has(name) && isOld) await rm(file, { force: true })
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

/** How the formats that devices read begin, from a byte on. One that no device can read would fail every test. */
const beginnings: [at: number, bytes: string][] = [
  [0, 'RIFF'],
  [0, 'fLaC'],
  [0, 'OggS'],
  [0, 'ID3'],
  [4, 'ftyp'],
  [0, '\x1a\x45\xdf\xa3'],
]
function isAudio(bytes: Buffer): boolean {
  const isFrame = bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0 // MP3 and ADTS without a header
  return isFrame || beginnings.some(([at, text]) => bytes.toString('latin1', at, at + text.length) === text)
}
