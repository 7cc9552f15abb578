import type { ProblemCode } from '@tradewind/protocol'
import type { StoreThread } from '@tradewind/store'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Assigner, RefusedDevice, Told, Wish } from '../assignment/assigner'
import type { Feed } from '../feed'
import { type RolloutDoor, RolloutRefused, rolloutActs } from '../placement/rollout-door'
import type { World } from '../placement/world'
import { problem } from './problem'

const deviceIds = z.array(z.string().max(40)).min(1).max(10_000)
const actor = z.string().min(1).max(300)
const plan = z.record(z.string(), z.unknown()).nullable()
const Devices = z.object({ deviceIds, actor })
const Accept = Devices.extend({ plan })
const Assign = Accept.extend({ workload: z.string().max(40).nullable(), build: z.string().max(60).nullable() }).refine(
  ({ workload, build }) => workload !== null || build !== null,
  'a workload, a build, or both',
)
const RolloutAsk = z.object({ act: z.enum(rolloutActs), actor })

type Answer = { assigned: Told[]; refused: RefusedDevice[]; rolloutId: string | null }

/** What people ask for devices to serve. Each answer is given once it is durable; a refused device holds up no other. */
export function placingApi(parts: {
  store: StoreThread
  world: World
  assigner: Assigner
  rollouts: () => RolloutDoor | null
  feed: Feed
}) {
  const { store, world, assigner, feed } = parts
  const app = new Hono()

  app.post('/assign', async (c) => {
    const { deviceIds, workload, build, plan, actor } = Assign.parse(await bodyOf(c))
    const known = await world.fresh()
    const row = known.workload(workload) ?? null
    if (workload !== null && !row) throw new RolloutRefused('not-found', { workload })
    if (build !== null && !known.catalogue.builds.some(({ id }) => id === build))
      throw new RolloutRefused('not-found', { build })
    return c.json(
      await place(
        deviceIds.map((deviceId) => ({ deviceId, workload: row, build })),
        plan,
        actor,
      ),
    )
  })

  app.post('/restart', async (c) => {
    const { deviceIds, actor } = Devices.parse(await bodyOf(c))
    return c.json({ ...(await assigner.restart(deviceIds, actor)), rolloutId: null } satisfies Answer)
  })

  app.post('/proposals/accept', async (c) => {
    const { deviceIds, plan, actor } = Accept.parse(await bodyOf(c))
    const known = await world.fresh()
    const open = await store.proposals(deviceIds)
    const wishes = open.flatMap(({ deviceId, build, workloadId }) => {
      const workload = known.workload(workloadId)
      return workload ? [{ deviceId, build, workload }] : []
    })
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

  app.post('/rollouts/:id/:act', async (c) => {
    const { act, actor } = RolloutAsk.parse({ ...(await bodyOf(c)), act: c.req.param('act') })
    return c.json((await door().control({ id: c.req.param('id'), act, actor })) as object)
  })

  app.onError((error, c) => {
    if (error instanceof z.ZodError) return refuse(c, 'bad-request')
    if (error instanceof RolloutRefused) return refuse(c, error.code, error.detail)
    throw error
  })
  return app

  async function place(wishes: Wish[], plan: object | null, actor: string): Promise<Answer> {
    if (plan === null) return { ...(await assigner.assign(wishes, { actor, cause: 'person' })), rolloutId: null }
    const rollouts = door()
    const { changes, refused } = await assigner.consider(wishes)
    if (changes.length === 0) return { assigned: [], refused, rolloutId: null }
    // one rollout is of one workload: proposals of several are rolled out one workload at a time
    const [{ workload }] = changes as [(typeof changes)[number]]
    const [together, others] = partition(changes, (change) => change.workload?.id === workload?.id)
    const targets = together.map(({ deviceId, build }) => ({ deviceId, build: build.id }))
    const about = { workloadId: workload?.id ?? null, workloadVersion: workload?.version ?? null }
    const { id } = await rollouts.start({ ...about, targets, plan, actor })
    const later = others.map(({ deviceId, build }) => ({
      ...{ deviceId, build: build.id, code: 'other-workload' as const, others: [] },
    }))
    return { assigned: [], refused: [...refused, ...later], rolloutId: id }
  }

  function door(): RolloutDoor {
    const rollouts = parts.rollouts()
    if (!rollouts) throw new RolloutRefused('rollouts-missing')
    return rollouts
  }
}

const bodyOf = async (c: Context): Promise<object> => c.req.json().catch(() => ({}))

function refuse(c: Context, code: ProblemCode, detail?: RolloutRefused['detail']) {
  const { status, body } = problem(code, detail)
  return c.json(body, status)
}

function partition<T>(all: T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))]
}
