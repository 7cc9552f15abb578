/** What of a file is sent: bytes from the first to before the second. */
export type Piece = { kind: 'whole' | 'part'; from: number; to: number } | { kind: 'unsatisfiable' }

/**
 * What `Range` and `If-Range` ask for (RFC 9110, 14): one range is given, several or a malformed one mean the whole file,
 * as does a range of another version than `etag`.
 */
export function pieceOf(range: string | undefined, ifRange: string | undefined, etag: string, bytes: number): Piece {
  const whole: Piece = { kind: 'whole', from: 0, to: bytes }
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '') ?? []
  if ((first === '' && last === '') || (ifRange !== undefined && ifRange !== etag)) return whole
  if (first === '') return part(Math.max(0, bytes - Number(last)), bytes)
  if (last !== '' && Number(last) < Number(first)) return whole
  return part(Number(first), last === '' ? bytes : Math.min(bytes, Number(last) + 1))
}

const part = (from: number, to: number): Piece => (from < to ? { kind: 'part', from, to } : { kind: 'unsatisfiable' })
