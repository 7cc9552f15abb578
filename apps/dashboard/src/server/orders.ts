import type { Refusal } from '@tradewind/fleet'
import { refusalCodes, sentenceOf } from '@tradewind/fleet'
import type { RolloutAct, RolloutPlan } from '@tradewind/protocol'
import type { Actor } from '@tradewind/store'
import { z } from 'zod'
import { order } from './hub'

// What only the hub may do, because it alone writes assignments and moves rollouts. It answers once that is durable.

type Plan = RolloutPlan | null
export type AssignOrder = {
  deviceIds: string[]
  workload: string | null
  build: string | null
  plan: Plan
  actor: Actor
}

const AssignedReply = z.object({
  assigned: z.array(z.object({ deviceId: z.string(), revision: z.number(), build: z.string() })),
  refused: z.array(z.looseObject({ deviceId: z.string(), code: z.string() })),
  rollouts: z.array(z.object({ id: z.string(), workload: z.string().nullable(), devices: z.number() })),
})

export const assign = async (ask: AssignOrder) => inWords(await order('/assign', ask, AssignedReply))

export const restart = async (deviceIds: string[], actor: Actor) =>
  inWords(await order('/restart', { deviceIds, actor }, AssignedReply))

export const acceptProposals = async (deviceIds: string[], plan: Plan, actor: Actor) =>
  inWords(await order('/proposals/accept', { deviceIds, plan, actor }, AssignedReply))

export const dismissProposals = (deviceIds: string[], actor: Actor) =>
  order('/proposals/dismiss', { deviceIds, actor }, z.object({ dismissed: z.array(z.string()) }))

export const steerRollout = (id: string, act: RolloutAct, actor: Actor) =>
  order(`/rollouts/${encodeURIComponent(id)}/${act}`, { actor }, z.looseObject({ id: z.string(), state: z.string() }))

/** A refusal of placement gets its sentence; what a newer hub says of beyond those keeps its code. */
const inWords = ({ refused, ...reply }: z.infer<typeof AssignedReply>) => ({
  ...reply,
  refused: refused.map((one) =>
    (refusalCodes as string[]).includes(one.code) ? { ...one, says: sentenceOf(one as unknown as Refusal) } : one,
  ),
})
