import { ArtifactError, type Trouble, troubleWords } from '@tradewind/artifacts/trouble'
import { hence } from '@tradewind/fleet'
import { EngineError } from '../engine/engine'

export type Detail = Record<string, number | string | boolean>

/** Why a step came to nothing. `leastMs`: a source asked to be left alone for so long. */
export class SeekError extends Error {
  override name = 'SeekError'
  constructor(
    readonly code: string,
    message: string,
    readonly detail: Detail = {},
    readonly leastMs = 0,
  ) {
    super(message)
  }
}

/** What went wrong, by one code, whichever part said it. What none of them may throw is a mistake of ours, and kept as `failed`. */
export function seekErrorOf(error: unknown): SeekError {
  if (error instanceof SeekError) return error
  if (error instanceof ArtifactError) return ofTrouble(error.trouble)
  if (error instanceof EngineError) return new SeekError(error.code, error.message, short(error.detail))
  const { code, message } = error as NodeJS.ErrnoException
  if (code && ['ENOSPC', 'EDQUOT'].includes(code)) return new SeekError('disk-full', message, { cause: code })
  if (code && ['EROFS', 'EACCES', 'EPERM'].includes(code))
    return new SeekError('store-read-only', message, { cause: code })
  return new SeekError(code?.startsWith('E') && !code.startsWith('ERR_') ? 'disk-failed' : 'failed', message)
}

function ofTrouble(trouble: Trouble): SeekError {
  const { says } = troubleWords(trouble)
  if (trouble.code !== 'no-source-left') {
    const { code, ...numbers } = trouble
    return new SeekError(code, says, short(numbers), askedMs(trouble))
  }
  const { tried, path } = trouble
  const decisive = decisiveOf(tried.map(({ trouble }) => trouble))
  const bySource = Object.fromEntries(tried.map(({ source, trouble }) => [source.slice(0, 40), trouble.code]))
  return new SeekError(
    decisive?.code ?? 'not-found',
    says,
    short({ path, ...bySource }),
    decisive ? askedMs(decisive) : 0,
  )
}

/**
 * Of several sources the one that may yet have the file; but where one sent all of it and it was another, the way is not gone
 * again.
 */
function decisiveOf(troubles: Trouble[]): Trouble | undefined {
  const rank = ({ code }: Trouble) => ['again', 'a-few-times', 'never'].indexOf(hence[code] ?? 'never')
  const asked = troubles.filter((one) => !(one.code === 'not-found' && one.status === null))
  return (
    troubles.find(({ code }) => code === 'wrong-bytes') ?? asked.sort((a, b) => rank(a) - rank(b))[0] ?? troubles[0]
  )
}

const askedMs = (trouble: Trouble) => (trouble.code === 'too-many-requests' ? (trouble.retryAfterMs ?? 0) : 0)

/** As the wire allows it; what is not known is left out. */
export const short = (detail: object): Detail =>
  Object.fromEntries(
    Object.entries(detail)
      .filter(([, value]) => value !== null)
      .map(([name, value]): [string, Detail[string]] => [name.slice(0, 40), plain(value)]),
  )

const plain = (value: unknown) =>
  typeof value === 'number' || typeof value === 'boolean' ? value : String(value).slice(0, 300)
