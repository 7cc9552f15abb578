import { z } from 'zod'
import { pairsOf } from '../assign/pairs'
import type { Session } from '../session'
import { findDevice } from './find'
import { Detail } from './replies'

const Labelled = z.object({ labels: z.record(z.string(), z.string()) })

/** Adds to the labels of a device; `name=` takes one away, and without any they are shown. */
export async function labelDevice(session: Session, idOrName: string, given: string[], { json }: { json?: boolean }) {
  const changes = pairsOf(given)
  const { id, name } = await findDevice(session.api, idOrName)
  const path = `/devices/${encodeURIComponent(id)}`
  const before = await session.api.call('GET', path, Detail)
  const wanted = Object.fromEntries(
    Object.entries({ ...before.labels, ...changes }).filter(([, value]) => value !== ''),
  )
  const { labels } =
    given.length === 0 ? before : await session.api.call('PUT', `${path}/labels`, Labelled, { labels: wanted })
  if (json) return session.json({ labels })
  const words = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
  session.say(`${name} has ${words.length > 0 ? words.join(', ') : 'no labels'}.`)
}
