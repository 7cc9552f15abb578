import type { Role } from '@tradewind/store'
import { mayGive } from '../people/permission'
import { endStreamsOf } from './open-streams'
import type { Asker } from './person'
import { noSuch, ProblemError } from './problem'
import { store } from './store'

/** The code stands behind the #, which no browser sends: so it is in no log on the way. */
const pathOf = (code: string) => `/join#${code}`

/** Throws `ProblemError` when the email has an account, or the asker may not do what they would give. */
export async function invite(ask: { name: string; email: string; role: Role }, asker: Asker) {
  mustBeAbleToGive(asker, ask.role)
  const { id, code, expiresMs } = await (await store()).invitePerson({ ...ask, actor: asker.actor })
  return { id, path: pathOf(code), expiresMs }
}

/** Whoever holds the link becomes that person, so one has to be able to do all that they may. */
export async function inviteAgain(id: string, asker: Asker) {
  await mustOutrank(id, asker)
  const made = await (await store()).renewInvite(id, asker.actor)
  if (!made) throw noSuch('person')
  return { id, path: pathOf(made.code), expiresMs: made.expiresMs }
}

export async function giveRole(id: string, role: Role, asker: Asker) {
  mustBeAbleToGive(asker, role)
  await mustOutrank(id, asker)
  return ended(await (await store()).changeRole(id, role, asker.actor))
}

export async function remove(id: string, asker: Asker) {
  await mustOutrank(id, asker)
  return ended(await (await store()).removePerson(id, asker.actor))
}

function ended<T extends { email: string }>(done: T | null): T {
  if (!done) throw noSuch('person')
  endStreamsOf(done.email)
  return done
}

function mustBeAbleToGive(asker: Asker, role: Role) {
  if (!mayGive(asker, { role, deeds: null }))
    throw new ProblemError('forbidden', `You may not do all that ${role}s may.`, 'Ask someone who may.')
}

async function mustOutrank(id: string, asker: Asker) {
  const role = await (await store()).roleOf(id)
  if (role === null) throw noSuch('person')
  mustBeAbleToGive(asker, role)
}
