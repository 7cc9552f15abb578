import type { ResolvedFile } from '@tradewind/protocol'
import { Http, type HttpAnswer, type HttpLimits, networkTrouble, type Pinned } from './http'
import type { Range } from './ranges'
import type { Source, Wanted } from './source'
import { ArtifactError, fail } from './trouble'

export type HttpPlace = {
  name: string
  urlOf: (file: ResolvedFile) => string
  /** for the origin of that URL alone; asked for with each request where it does not last */
  secret?: Record<string, string> | (() => Promise<Record<string, string>>)
  /** left out: any certificate that this machine trusts */
  pinned?: Pinned
}

export const httpLimits: HttpLimits = { idleMs: 30_000, connections: 4 }

/** Files by HTTP. The server is believed nothing: not the length, not the range, not that the file stays the same. */
export class HttpSource implements Source {
  #http: Http

  constructor(
    private place: HttpPlace,
    private limits: HttpLimits = httpLimits,
  ) {
    this.#http = new Http(limits, place.pinned)
  }

  get name() {
    return this.place.name
  }

  async read({ file, range, signal, version }: Wanted): Promise<AsyncIterable<Buffer>> {
    const url = this.place.urlOf(file)
    const headers: Record<string, string> = {
      ...(range && { range: `bytes=${range[0]}-${range[1] - 1}` }),
      ...(range && version.tag && { 'if-range': version.tag }),
    }
    const { secret = {} } = this.place
    const answer = await this.#http.get(url, headers, typeof secret === 'function' ? await secret() : secret, signal)
    try {
      checkVersion(version, answer)
      check(answer, file, range, this.place.secret !== undefined)
    } catch (error) {
      answer.body.on('error', () => {}).destroy()
      throw error
    }
    return counted(answer.body, range ?? [0, file.bytes], new URL(url).hostname, this.limits.idleMs)
  }

  close = () => this.#http.close()
}

function checkVersion(version: Wanted['version'], { statusCode, headers }: HttpAnswer) {
  const tag = String(headers.etag ?? '')
  if (statusCode > 206 || !tag.startsWith('"')) return // weak tags promise nothing of bytes
  version.tag ??= tag
  if (version.tag !== tag) fail('file-changed', {})
}

function check(
  { statusCode: status, headers }: HttpAnswer,
  { bytes }: ResolvedFile,
  range: Range | null,
  hadToken: boolean,
) {
  if (status === 401 || status === 403) fail('gated', { status, hadToken })
  if (status === 404 || status === 410) fail('not-found', { status })
  if (status === 416) fail('range-refused', { fromByte: range?.[0] ?? 0 })
  if (status === 429) fail('too-many-requests', { retryAfterMs: retryAfterMs(headers['retry-after']) })
  if (status === 200) return checkWhole(headers, bytes, range)
  if (status !== 206 || !range) fail('source-failed', { status })
  const [, from, to, all] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(String(headers['content-range'])) ?? []
  if (all !== '*' && all !== undefined && Number(all) !== bytes)
    fail('wrong-length', { saysBytes: Number(all), wantBytes: bytes })
  if (Number(from) !== range[0] || Number(to) !== range[1] - 1) fail('no-ranges', {})
}

function checkWhole(headers: HttpAnswer['headers'], bytes: number, range: Range | null) {
  const says = headers['content-length']
  if (says !== undefined && Number(says) !== bytes) fail('wrong-length', { saysBytes: Number(says), wantBytes: bytes })
  if (range && range[1] - range[0] < bytes) fail('no-ranges', {})
}

/** Seconds or a date; null where neither. */
function retryAfterMs(header: string | string[] | undefined): number | null {
  const text = String(header ?? '')
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const until = Date.parse(text)
  return Number.isNaN(until) ? null : Math.max(0, until - Date.now())
}

/** The bytes of the range, and an error for the first beyond it. A connection that ends early just ends. */
async function* counted(body: AsyncIterable<Buffer>, [from, to]: Range, host: string, idleMs: number) {
  let got = 0
  try {
    for await (const chunk of body) {
      got += chunk.length
      if (got > to - from) fail('wrong-length', { saysBytes: got, wantBytes: to - from })
      yield chunk
    }
  } catch (error) {
    const { trouble } = networkTrouble(error, host, idleMs)
    throw new ArtifactError(
      trouble.code === 'unreachable' ? { code: 'truncated', gotBytes: got, wantBytes: to - from } : trouble,
    )
  }
}
