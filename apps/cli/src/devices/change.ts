import { AssignedReply } from '../assign/replies'
import { tellAssigned } from '../assign/tell'
import { Failure } from '../failure'
import type { Session } from '../session'
import type { Terminal } from '../terminal'
import { findDevice } from './find'
import { Approved, Detail, Done } from './replies'

type Json = { json?: boolean }

const pathOf = (id: string) => `/devices/${encodeURIComponent(id)}`
const parkedPath = (fingerprint: string) => `/parked/${encodeURIComponent(fingerprint.toLowerCase())}`

export async function approve(session: Session, fingerprint: string, { json }: Json) {
  const reply = await session.api.call('POST', `${parkedPath(fingerprint)}/approve`, Approved)
  if (json) return session.json(reply)
  session.say(`Approved as ${reply.deviceId}. It comes in when it asks the next time.`)
}

export async function refuse(session: Session, fingerprint: string, { json }: Json) {
  const reply = await session.api.call('POST', `${parkedPath(fingerprint)}/refuse`, Done)
  if (json) return session.json(reply)
  session.say(`Refused ${fingerprint}. A token still lets it in.`)
}

export async function rename(session: Session, idOrName: string, name: string, { json }: Json) {
  const { id, name: before } = await findDevice(session.api, idOrName)
  const reply = await session.api.call('PATCH', pathOf(id), Detail, { name })
  if (json) return session.json(reply)
  session.say(`Renamed ${before} (${id}) to ${reply.name}.`)
}

export async function restart(session: Session, idOrName: string, { json }: Json) {
  const { id, name } = await findDevice(session.api, idOrName)
  const reply = await session.api.call('POST', `${pathOf(id)}/restart`, AssignedReply)
  if (json) return session.json(reply)
  tellAssigned(session, reply, new Map([[id, name]]))
}

export async function revoke(
  session: Session,
  idOrName: string,
  { json, yes }: Json & { yes?: boolean },
  confirm: Terminal['confirm'],
) {
  const { id, name } = await findDevice(session.api, idOrName)
  if (!yes && !confirm)
    throw new Failure('usage', `Revoking ${name} cannot be undone, and nobody is here to confirm it.`, 'Add --yes.')
  if (!yes && !(await confirm?.(`Revoke ${name} (${id}) for good? It can come back only as a new device.`)))
    return session.note('Nothing was changed.')
  const reply = await session.api.call('POST', `${pathOf(id)}/revoke`, Done)
  if (json) return session.json(reply)
  session.say(`Revoked ${name} (${id}).`)
}
