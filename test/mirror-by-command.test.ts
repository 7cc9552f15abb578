import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { modelSource, nearlyKnown, testFolder, testHub } from '@tradewind/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { tradewind } from '../apps/cli/src/scripted-terminal'
import * as catalogue from '../apps/dashboard/src/app/api/v1/catalogue/route'
import * as prune from '../apps/dashboard/src/app/api/v1/mirror/prune/route'
import * as mirror from '../apps/dashboard/src/app/api/v1/mirror/route'
import { store } from '../apps/dashboard/src/server/store'

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>
const routes: Record<string, Partial<Record<string, Handler>>> = {
  '/api/v1/catalogue': catalogue,
  '/api/v1/mirror': mirror,
  '/api/v1/mirror/prune': prune,
}

/** The dashboard's own handlers, without its pages. */
async function dashboard(folder: string): Promise<string> {
  process.env.TRADEWIND_DATA = folder
  const server = createServer(async (incoming, outgoing) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part)
    const { method = 'GET', url = '' } = incoming
    const init = {
      method,
      headers: incoming.headers as HeadersInit,
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    }
    const handler = routes[url]?.[method]
    const reply = handler
      ? await handler(new Request(`http://localhost${url}`, init), { params: Promise.resolve({}) })
      : new Response(null, { status: 405 })
    outgoing.writeHead(reply.status, Object.fromEntries(reply.headers)).end(await reply.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.close()
    await (await store()).close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a person adds a build, has it mirrored, and gives it up, by the command line alone', async () => {
  const source = await modelSource({ 'own.gguf': 300_000 })
  const hub = await testHub({ env: { TRADEWIND_MODEL_SOURCE: source.server.url } })
  const url = await dashboard(hub.folder)
  const keyOf = async (role: 'viewer' | 'operator' | 'admin') =>
    (await hub.store.createApiToken({ name: role, role, actor: 'test' })).secret
  const say = async (role: 'viewer' | 'operator' | 'admin', ...args: string[]) =>
    tradewind(args, {
      env: { TRADEWIND_URL: url, TRADEWIND_API_TOKEN: await keyOf(role) },
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 20)),
    })

  const file = path.join(testFolder('catalogue'), 'own.json')
  writeFileSync(file, JSON.stringify({ builds: [nearlyKnown('own', source.model('own.gguf').file)] }))
  expect(await say('operator', 'models', 'add', file)).toMatchObject({
    exitCode: 1,
    error: expect.stringContaining('error forbidden'),
  })
  expect(await say('admin', 'models', 'add', file)).toMatchObject({ exitCode: 0 })

  expect((await say('viewer', 'mirror', 'add', 'own')).error).toContain('error forbidden')
  expect((await say('operator', 'mirror', 'add', 'nothing')).error).toContain('error build-unknown')
  expect(await say('operator', 'mirror', 'add', 'own')).toMatchObject({ exitCode: 0, out: 'own is mirrored.\n' })
  expect((await say('viewer', 'mirror', 'list')).out).toMatch(/^own +whole +293 KiB/m)
  expect(await say('operator', 'mirror', 'prune')).toMatchObject({
    exitCode: 0,
    out: 'Gave up own; 293 KiB are free again.\n',
  })
  expect((await say('viewer', 'mirror', 'list')).out).toBe('Nothing is mirrored: tradewind mirror add BUILD.\n')

  const faulty = path.join(testFolder('catalogue'), 'faulty.json')
  writeFileSync(
    faulty,
    JSON.stringify({ builds: [{ ...nearlyKnown('odd', source.model('own.gguf').file), variant: 'e9b' }] }),
  )
  expect((await say('admin', 'models', 'add', faulty)).error).toContain('odd: variant-unknown (e9b)')
})
