import { mostSmokeClipBytes } from '@tradewind/protocol'
import { endpoint } from '../../../../server/endpoint'
import { noSuch, ProblemError } from '../../../../server/problem'
import { addSmokeClip, smokeClips } from '../../../../server/smoke-clips'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /clips', smokeClips)

/** The body is the clip itself, in any format that devices read; it goes through to the hub, which keeps it. */
export const POST = endpoint('POST /clips', async ({ query, asker, request }) => {
  const opened = await store()
  const { workload, build } = query
  if (workload !== undefined && !(await opened.workload(workload))) throw noSuch('workload')
  if (build !== undefined && !(await opened.catalogue()).builds.some(({ id }) => id === build)) throw noSuch('build')
  if (Number(request.headers.get('content-length') ?? 0) > mostSmokeClipBytes)
    throw new ProblemError(
      'too-large',
      `A clip of a smoke test is at most ${mostSmokeClipBytes / 1024 / 1024} MiB.`,
      'Send a shorter one, or one in a format that takes less room.',
    )
  return addSmokeClip(query, asker.actor, request.body)
})
