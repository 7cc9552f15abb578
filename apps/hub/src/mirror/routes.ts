import { ArtifactError } from '@tradewind/artifacts/trouble'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { problem } from '../http/problem'
import type { Mirror } from './mirror'
import { mirrorProblem } from './trouble-words'

const actor = z.string().min(1).max(300)
const Add = z.object({ build: z.string().min(1).max(60), resolveOnly: z.boolean().default(false), actor })
const Prune = z.object({ actor })

/** What people do with the mirror, by way of the dashboard. */
export function mirrorRoutes(mirror: Mirror) {
  const app = new Hono()
  app.get('/', async (c) => c.json(await mirror.read()))
  app.post('/add', async (c) => {
    const asked = Add.safeParse(await c.req.json().catch(() => null))
    return asked.success ? answer(c, mirror.add(asked.data.build, asked.data)) : badRequest(c)
  })
  app.post('/prune', async (c) => {
    const asked = Prune.safeParse(await c.req.json().catch(() => null))
    return asked.success ? answer(c, mirror.prune(asked.data.actor)) : badRequest(c)
  })
  return app
}

async function answer(c: Context, work: Promise<object>): Promise<Response> {
  try {
    return c.json(await work)
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error
    const { status, body } = mirrorProblem(error.trouble)
    return c.json(body, status)
  }
}

function badRequest(c: Context) {
  const { status, body } = problem('bad-request')
  return c.json(body, status)
}
