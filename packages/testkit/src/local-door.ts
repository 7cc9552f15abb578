import { readFileSync } from 'node:fs'

/** Asks a hub over its private door, as the dashboard does. */
export function askHub(hub: { folder: string }, path: string, options: RequestInit = {}) {
  const { port, secret } = JSON.parse(readFileSync(`${hub.folder}/hub.local.json`, 'utf8'))
  return fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${secret}` }, ...options })
}

/** Posts JSON, and reads the answer as JSON. */
export async function postHub(hub: { folder: string }, path: string, body: object) {
  const reply = await askHub(hub, path, { method: 'POST', body: JSON.stringify(body) })
  return { status: reply.status, said: (await reply.json()) as Record<string, unknown> }
}
