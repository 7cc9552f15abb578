import { type FileHandle, open, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { bootId } from './process-mark'
import { type Ranges, withRange } from './ranges'

const Line = z.object({
  /** on the disk, whatever happens */
  synced: z.array(z.tuple([z.number(), z.number()])).optional(),
  /** written, and safe as long as this boot of the machine lasts: a killed process takes nothing with it */
  written: z.array(z.tuple([z.number(), z.number()])).optional(),
  boot: z.string().nullable().optional(),
})
type Line = z.infer<typeof Line>

/**
 * Which bytes of a partial file are there, so that none is fetched twice: after kill -9 all that was written counts,
 * after a power cut only what was on the disk before the journal said so. Lines are appended, and what one says stays true;
 * one that a crash cut off is passed over. A false line would cost time, never truth: the whole file's sha256 decides.
 */
export class Journal {
  private constructor(
    private handle: FileHandle,
    private boot: string | null,
    /** what can be relied on now */
    readonly found: Ranges,
  ) {}

  static async open(file: string): Promise<Journal> {
    const boot = await bootId()
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').flatMap(parsed)
    const isOfThisBoot = (line: Line) => line.boot !== undefined && line.boot !== null && line.boot === boot
    const told = lines.flatMap((line) => [...(line.synced ?? []), ...((isOfThisBoot(line) && line.written) || [])])
    // a line of its own, should the last one be cut off
    const handle = await open(file, 'a', 0o600)
    await handle.write('\n')
    return new Journal(handle, boot, told.reduce(withRange, [] as Ranges))
  }

  async written(ranges: Ranges) {
    await this.#append({ written: ranges, boot: this.boot })
  }

  /** Only after the bytes themselves are on the disk. */
  async synced(ranges: Ranges) {
    await this.#append({ synced: ranges })
    await this.handle.datasync()
  }

  async #append(line: { written?: Ranges; synced?: Ranges; boot?: string | null }) {
    await this.handle.write(`${JSON.stringify(line)}\n`)
  }

  close = () => this.handle.close()
}

function parsed(text: string): Line[] {
  try {
    const line = Line.safeParse(JSON.parse(text))
    return line.success ? [line.data] : []
  } catch {
    return []
  }
}
