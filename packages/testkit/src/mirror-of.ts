import { readFileSync } from 'node:fs'
import type { Mirror, Mirrored } from '@tradewind/protocol'
import { eventually } from './eventually'

/** What the dashboard asks of the hub. */
export function mirrorOf({ folder }: { folder: string }) {
  const call = async (path: string, body?: object) => {
    const { port, secret } = JSON.parse(readFileSync(`${folder}/hub.local.json`, 'utf8'))
    const reply = await fetch(`http://127.0.0.1:${port}/mirror${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify({ actor: 'test', ...body }) }),
      headers: { authorization: `Bearer ${secret}` },
    })
    return { status: reply.status, json: (await reply.json()) as Record<string, unknown> }
  }
  const read = async () => (await call('')).json as unknown as Mirror
  const find = async (id: string): Promise<Mirrored | undefined> =>
    (await read()).builds.find(({ build }) => build === id)
  return {
    read,
    find,
    add: (build: string, more = {}) => call('/add', { build, ...more }),
    prune: () => call('/prune', {}),
    until: (id: string, state: Mirrored['state'], ms?: number) =>
      eventually(
        `${id} is ${state}`,
        async () => {
          const one = await find(id)
          return one?.state === state && one
        },
        ms,
      ),
  }
}
