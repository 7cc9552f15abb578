import { CallFailed } from './call'

/** What an order to assign came to: in words where they are known. */
export type AssignedReply = {
  assigned: { deviceId: string; revision: number; build: string }[]
  refused: { deviceId: string; code: string; says?: string }[]
}

/** An order for one device that the hub refused is a failure, with its reason. */
export function orFail(reply: AssignedReply): AssignedReply {
  const [refused] = reply.refused
  if (!refused || reply.assigned.length > 0) return reply
  const message = refused.says ? `It was refused: ${refused.says}.` : `It was refused: ${refused.code}.`
  throw new CallFailed({ code: 'conflict', message, next: 'Nothing was changed.' })
}
