import { createHash } from 'node:crypto'
import { type Found, resolveFile } from '@tradewind/fleet'
import type { Build, ModelFile } from '@tradewind/protocol'
import { ResolvedBuild } from '@tradewind/protocol'
import { z } from 'zod'
import { Http, type HttpLimits, networkTrouble } from './http'
import { HttpSource, httpLimits } from './http-source'
import { ArtifactError, fail } from './trouble'

export type HuggingFaceAt = {
  /** https://huggingface.co, or a mirror that answers as it does */
  url: string
  token?: string
}

const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/')
const secretOf = ({ token }: HuggingFaceAt) => (token ? { authorization: `Bearer ${token}` } : undefined)

/** Files at their commit. */
export function huggingFace(at: HuggingFaceAt, limits?: HttpLimits): HttpSource {
  return new HttpSource(
    {
      name: new URL(at.url).host,
      urlOf: ({ repository, commit, path }) => {
        // a branch may point elsewhere tomorrow
        if (commit === null) return fail('not-found', { status: null })
        return `${at.url}/${encoded(repository)}/resolve/${commit}/${encoded(path)}`
      },
      secret: secretOf(at),
    },
    limits,
  )
}

/** What `GET /api/models/<repository>/revision/<revision>?blobs=true` says, as far as we need it. */
const Revision = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().int().nonnegative().nullish(),
      lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int() }).nullish(),
    }),
  ),
})
type Revision = z.infer<typeof Revision>

/**
 * The build with commit, size and sha256 of every file, as Hugging Face says: at the commit that is known, else at the
 * newest. Throws `source-differs` when that contradicts what was known before, and whatever the network comes up with.
 */
export async function resolveBuild(
  build: Build & { label?: string; demo?: boolean },
  at: HuggingFaceAt,
  signal: AbortSignal,
  limits: HttpLimits = httpLimits,
): Promise<ResolvedBuild> {
  const http = new Http(limits)
  try {
    const asked = new Map<string, Promise<Revision>>()
    const files = await Promise.all(
      build.files.map(async (file) => {
        const name = `${encoded(file.repository)}/revision/${file.commit ?? 'main'}`
        const revision = asked.get(name) ?? revisionOf(http, name, at, signal)
        asked.set(name, revision)
        return resolved(file, await foundOf(http, file, await revision, at, signal))
      }),
    )
    return ResolvedBuild.parse({ ...build, files })
  } finally {
    await http.close()
  }
}

async function revisionOf(http: Http, name: string, at: HuggingFaceAt, signal: AbortSignal): Promise<Revision> {
  const { statusCode, body } = await http.get(
    `${at.url}/api/models/${name}?blobs=true`,
    { accept: 'application/json' },
    secretOf(at) ?? {},
    signal,
  )
  const text = await body.text()
  if (statusCode === 401 || statusCode === 403) fail('gated', { status: statusCode, hadToken: at.token !== undefined })
  if (statusCode === 404) fail('not-found', { status: statusCode })
  if (statusCode === 429) fail('too-many-requests', { retryAfterMs: null })
  if (statusCode !== 200) fail('source-failed', { status: statusCode })
  const read = Revision.safeParse(parsed(text))
  return read.success ? read.data : fail('bad-answer', { from: new URL(at.url).host })
}

/** What the source says of a file; a small one, of which it has no sha256, is fetched to find that out. */
async function foundOf(
  http: Http,
  { repository, path }: ModelFile,
  { sha: commit, siblings }: Revision,
  at: HuggingFaceAt,
  signal: AbortSignal,
): Promise<Found> {
  const listed = siblings.find(({ rfilename }) => rfilename === path)
  if (!listed) return fail('not-found', { status: null })
  if (listed.lfs) return { commit, bytes: listed.lfs.size, sha256: listed.lfs.sha256 }
  const url = `${at.url}/${encoded(repository)}/resolve/${commit}/${encoded(path)}`
  const { statusCode: status, body } = await http.get(url, {}, secretOf(at) ?? {}, signal)
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of body) {
      hash.update(chunk)
      bytes += chunk.length
    }
  } catch (error) {
    throw networkTrouble(error, new URL(at.url).hostname, httpLimits.idleMs)
  }
  if (status !== 200) fail('source-failed', { status })
  if (bytes !== (listed.size ?? bytes)) fail('truncated', { gotBytes: bytes, wantBytes: listed.size ?? 0 })
  return { commit, bytes, sha256: hash.digest('hex') }
}

function resolved(known: ModelFile, found: Found): ModelFile {
  const resolution = resolveFile(known, found)
  if (resolution.ok) return resolution.file
  throw new ArtifactError({
    code: 'source-differs',
    path: `${known.repository}/${known.path}`,
    known: pinWords({ ...known, bytes: known.exact ? known.bytes : null }),
    found: pinWords(found),
  })
}

type Pin = { commit: string | null; bytes: number | null; sha256: string | null }

/** What is known of a file, for people. */
export const pinWords = ({ commit, bytes, sha256 }: Pin): string =>
  [commit && `commit ${commit}`, bytes !== null && `${bytes} bytes`, sha256 && `sha256 ${sha256}`]
    .filter(Boolean)
    .join(', ')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
