import { mostSmokeClipBytes, SmokeClipWish } from '@tradewind/protocol'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { problem } from '../http/problem'
import type { ClipRefusal, KeptClips } from './kept-clips'

const ByActor = z.object({ actor: z.string().min(1).max(300) })

/** What each refusal says; a clip of a smoke test is smaller than one to be tried. */
const said: Record<ClipRefusal, { status: 413 | 422 | 409; code: string; message: string; next: string }> = {
  'too-large': {
    ...{ status: 413, code: 'too-large' },
    message: `A clip of a smoke test is at most ${mostSmokeClipBytes / 1024 / 1024} MiB.`,
    next: 'Send a shorter one, or one in a format that takes less room.',
  },
  'not-audio': {
    ...{ status: 422, code: 'not-heard' },
    message: 'That is no sound that devices can read.',
    next: 'Send WAV, FLAC, Ogg, MP3, M4A or WebM.',
  },
  'clips-full': {
    ...{ status: 409, code: 'conflict' },
    message: 'There is no room for another clip: ten for one workload or build, 256 MiB in all.',
    next: 'Delete one that is needed no more.',
  },
}

/** What people do with the clips of smoke tests, by way of the dashboard. */
export function smokeClipRoutes(clips: KeptClips) {
  const app = new Hono()
  app.get('/', (c) => c.json({ clips: clips.list() }))

  const limit = bodyLimit({
    maxSize: mostSmokeClipBytes,
    onError: (c) => c.json(bodyOf(said['too-large']), said['too-large'].status),
  })
  app.post('/', limit, async (c) => {
    const [wish, by] = [SmokeClipWish.safeParse(c.req.query()), ByActor.safeParse(c.req.query())]
    if (!wish.success || !by.success) return c.json(problem('bad-request').body, 400)
    const added = await clips.add(Buffer.from(await c.req.arrayBuffer()), wish.data, by.data.actor)
    return typeof added === 'string' ? c.json(bodyOf(said[added]), said[added].status) : c.json(added)
  })

  app.post('/:id/delete', async (c) => {
    const by = ByActor.safeParse(await c.req.json().catch(() => null))
    if (!by.success) return c.json(problem('bad-request').body, 400)
    const isDone = await clips.remove(c.req.param('id'), by.data.actor)
    return isDone ? c.json({ deleted: true }) : c.json(problem('not-found').body, 404)
  })
  return app
}

const bodyOf = ({ status: _, ...body }: (typeof said)[ClipRefusal]) => body
