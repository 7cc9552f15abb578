import { resolveFile } from '@tradewind/fleet'
import type { Build, ModelFile } from '@tradewind/protocol'
import { ResolvedBuild } from '@tradewind/protocol'
import { z } from 'zod'
import { Http, type HttpLimits } from './http'
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
        return resolved(file, await revision)
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

function resolved(known: ModelFile, { sha, siblings }: Revision): ModelFile {
  const lfs = siblings.find(({ rfilename }) => rfilename === known.path)?.lfs
  if (!lfs) return fail('not-found', { status: null })
  const resolution = resolveFile(known, { commit: sha, bytes: lfs.size, sha256: lfs.sha256 })
  if (resolution.ok) return resolution.file
  const { found } = resolution
  throw new ArtifactError({
    code: 'source-differs',
    path: `${known.repository}/${known.path}`,
    known: words(known.commit, known.exact ? known.bytes : null, known.sha256),
    found: words(found.commit, found.bytes, found.sha256),
  })
}

const words = (commit: string | null, bytes: number | null, sha256: string | null) =>
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
