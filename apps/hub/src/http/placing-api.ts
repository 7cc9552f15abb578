import { type ProblemCode, RolloutPlan } from '@tradewind/protocol'
import type { NewAssignment, StoreThread } from '@tradewind/store'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Assigner, RefusedDevice, Told, Wish } from '../assignment/assigner'
import type { Feed } from '../feed'
import type { World } from '../placement/world'
import type { Rollouts } from '../rollout/rollouts'
import { problem } from './problem'

const deviceIds = z.array(z.string().max(40)).min(1).max(10_000)
const actor = z.string().min(1).max(300)
const plan = RolloutPlan.nullable()
const Devices = z.object({ deviceIds, actor })
const Accept = Devices.extend({ plan })
const Assign = Accept.extend({ workload: z.string().max(40).nullable(), build: z.string().max(60).nullable() }).refine(
  ({ workload, build }) => workload !== null || build !== null,
  'a workload, a build, or both',
)

/** `rollouts`: those that were begun, one for each workload; none where it was done at once. */
type Answer = {
  assigned: Told[]
  refused: RefusedDevice[]
  rollouts: { id: string; workload: string | null; devices: number }[]
}

/** What people ask for devices to serve. Each answer is given once it is durable; a refused device holds up no other. */
export function placingApi(parts: {
  store: StoreThread
  world: World
  assigner: Assigner
  rollouts: Rollouts
  feed: Feed
}) {
  const { store, world, assigner, rollouts, feed } = parts
  const app = new Hono()

  app.post('/assign', async (c) => {
    const { deviceIds, workload, build, plan, actor } = Assign.parse(await bodyOf(c))
    const known = await world.fresh()
    const row = known.workload(workload) ?? null
    if (workload !== null && !row) throw new NotThere({ workload })
    if (build !== null && !known.catalogue.builds.some(({ id }) => id === build)) throw new NotThere({ build })
    return c.json(
      await place(
        deviceIds.map((deviceId) => ({ deviceId, workload, build })),
        plan,
        actor,
      ),
    )
  })

  app.post('/restart', async (c) => {
    const { deviceIds, actor } = Devices.parse(await bodyOf(c))
    return c.json({ ...(await assigner.restart(deviceIds, actor)), rollouts: [] } satisfies Answer)
  })

  app.post('/proposals/accept', async (c) => {
    const { deviceIds, plan, actor } = Accept.parse(await bodyOf(c))
    const known = await world.fresh()
    const open = await store.proposals(deviceIds)
    const wishes = open.flatMap(({ deviceId, build, workloadId: workload }) =>
      known.workload(workload) ? [{ deviceId, build, workload }] : [],
    )
    const asked = new Set(wishes.map(({ deviceId }) => deviceId))
    const none = [...new Set(deviceIds)].filter((id) => !asked.has(id))
    const answer = await place(wishes, plan, actor)
    feed.say({ kind: 'proposals', data: {} })
    const refused = none.map((deviceId) => ({ deviceId, build: null, code: 'no-proposal' as const, others: [] }))
    return c.json({ ...answer, refused: [...answer.refused, ...refused] } satisfies Answer)
  })

  app.post('/proposals/dismiss', async (c) => {
    const { deviceIds, actor } = Devices.parse(await bodyOf(c))
    const dismissed = await store.dismissProposals(deviceIds, actor)
    feed.say({ kind: 'proposals', data: {} })
    return c.json({ dismissed })
  })

  app.onError((error, c) => {
    if (error instanceof z.ZodError) return refuse(c, 'bad-request')
    if (error instanceof NotThere) return refuse(c, 'not-found', error.detail)
    throw error
  })
  return app

  async function place(wishes: Wish[], plan: RolloutPlan | null, actor: string): Promise<Answer> {
    if (plan === null) return { ...(await assigner.assign(wishes, { actor, cause: 'person' })), rollouts: [] }
    const { changes, refused } = await assigner.consider(wishes)
    const begun: Answer['rollouts'] = []
    for (const together of byWorkload(changes)) {
      const [{ workload }] = together
      const targets = together.map(({ deviceId, build }) => ({ deviceId, build: build.id }))
      const about = { workloadId: workload?.id ?? null, workloadVersion: workload?.version ?? null }
      const { id } = await rollouts.start({ ...about, targets, plan, actor })
      begun.push({ id, workload: about.workloadId, devices: targets.length })
    }
    return { assigned: [], refused, rollouts: begun }
  }
}

/** What was asked about is not there. */
class NotThere extends Error {
  constructor(readonly detail: Record<string, string>) {
    super('not-found')
  }
}

const bodyOf = async (c: Context): Promise<object> => c.req.json().catch(() => ({}))

function refuse(c: Context, code: ProblemCode, detail?: NotThere['detail']) {
  const { status, body } = problem(code, detail)
  return c.json(body, status)
}

type Some<T> = [T, ...T[]]

/** One rollout is of one workload, so that each stops for reasons of its own. */
function byWorkload(changes: NewAssignment[]): Some<NewAssignment>[] {
  const groups = new Map<string | null, Some<NewAssignment>>()
  for (const change of changes) {
    const id = change.workload?.id ?? null
    const group = groups.get(id)
    if (group) group.push(change)
    else groups.set(id, [change])
  }
  return [...groups.values()]
}
