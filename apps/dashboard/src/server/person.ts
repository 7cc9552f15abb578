import type { Actor, Role } from '@tradewind/store'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import type { Rights } from '../people/permission'
import { auth } from './auth'
import { store } from './store'

/** Who asks: a person with a session, or the bearer of an API token. */
export type Asker = Rights & { name: string; email: string | null; role: Role; actor: Actor; by: 'session' | 'token' }

export async function askerOf(requestHeaders: Headers): Promise<Asker | null> {
  const bearer = requestHeaders.get('authorization')
  return bearer === null ? personOf(requestHeaders) : bearerOf(bearer)
}

async function personOf(requestHeaders: Headers): Promise<Asker | null> {
  const session = await (await auth()).api.getSession({ headers: requestHeaders })
  if (!session) return null
  const { id, name, email } = session.user
  const role = await (await store()).roleOf(id)
  return role && { name, email, role, deeds: null, actor: `user:${email}`, by: 'session' }
}

async function bearerOf(authorization: string): Promise<Asker | null> {
  const secret = /^Bearer (twp_\S+)$/.exec(authorization)?.[1]
  const token = secret ? await (await store()).apiTokenBearer(secret) : null
  return token && { ...token, email: null, actor: `api:${token.name}`, by: 'token' }
}

/** The person of the page being rendered; without one the page becomes the sign-in, or the first-run page. */
export const requirePerson = cache(async (): Promise<Asker> => {
  const person = await personOf(await headers())
  return person ?? redirect((await (await store()).hasAdmin()) ? '/login' : '/setup')
})
