import type { ResolvedFile } from '@tradewind/protocol'
import type { Range } from './ranges'

/** What a source is asked for: bytes of a file, or with null the whole of it from the start. */
export type Wanted = {
  file: ResolvedFile
  range: Range | null
  signal: AbortSignal
  /** the same for all parts of one download; the source puts in what it told, to find out when it changes */
  version: { tag?: string }
}

/** Where files come from. */
export interface Source {
  /** for people */
  readonly name: string
  /**
   * The bytes as they come; they may end early, which the caller finds out by counting.
   * Throws an `ArtifactError`, at once or from the bytes.
   */
  read(wanted: Wanted): Promise<AsyncIterable<Buffer>>
  close?(): Promise<void>
}
