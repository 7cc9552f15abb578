import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { ResolvedFile } from '@tradewind/protocol'
import type { Source, Wanted } from './source'
import { ArtifactError, fail } from './trouble'

/** Files of a folder or a stick. `pathOf` says where a file lies; undefined: it is not there. */
export class FolderSource implements Source {
  constructor(
    readonly name: string,
    private pathOf: (file: ResolvedFile) => string | undefined,
  ) {}

  async read({ file, range, signal }: Wanted): Promise<AsyncIterable<Buffer>> {
    const place = this.pathOf(file)
    const found = place === undefined ? null : await stat(place).catch(() => null)
    if (place === undefined || !found) return fail('not-found', { status: null })
    if (found.size !== file.bytes) fail('wrong-length', { saysBytes: found.size, wantBytes: file.bytes })
    const [start, end] = range ?? [0, file.bytes]
    return whole(createReadStream(place, { start, end: end - 1, highWaterMark: 512 * 1024, signal }))
  }
}

async function* whole(stream: AsyncIterable<Buffer>) {
  try {
    yield* stream
  } catch (error) {
    const { code: cause = String(error) } = error as NodeJS.ErrnoException
    throw new ArtifactError(cause === 'ABORT_ERR' ? { code: 'cancelled' } : { code: 'unreachable', cause })
  }
}
