import { createHash, timingSafeEqual } from 'node:crypto'
import { type ApiConfig, isLoopback } from './config'
import type { Exchange } from './exchange'
import { Problem } from './problem'

/** Who may ask: with keys whoever knows one; without, the programs of this machine. */
export class Access {
  #known: Buffer[]

  constructor({ keys }: Pick<ApiConfig, 'keys'>) {
    this.#known = keys.map(digest)
  }

  /** Throws the 401 unless this is a key. Digests are of one length and every key is looked at: the time tells nothing. */
  mustKnow(given: string | null | undefined): void {
    if (this.#known.length === 0) return
    const asked = digest(given ?? '')
    if (this.#known.map((one) => timingSafeEqual(one, asked)).includes(true)) return
    throw new Problem(
      401,
      'invalid_api_key',
      "This needs a key of this device's API. Send it as Authorization: Bearer KEY.",
      { headers: { 'www-authenticate': 'Bearer' } },
    )
  }

  /**
   * Without keys, throws the 403 when a browser brings the words of a page from elsewhere: such a page may send requests to
   * the loopback, or call it by a name of its own.
   */
  mustBeLocal({ request }: Exchange): void {
    if (this.#known.length > 0) return
    const { host = '', origin } = request.headers
    if (isLocal(`http://${host}`) && (origin === undefined || isLocal(origin))) return
    throw new Problem(
      403,
      'not-local',
      'Without a key only programs of this machine are served. Set a key on the agent.',
    )
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

function isLocal(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname)
}
