import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { hubName, openAuthority } from '@tradewind/hub/authority/authority'
import { testFolder } from '@tradewind/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { buildOf, fileOf, someBytes } from './example'
import { hubSource } from './hub-source'
import { ArtifactStore } from './store'
import { ArtifactError } from './trouble'

const content = someBytes(300_000)
const build = buildOf('tiny', fileOf('tiny.gguf', content))
const [{ sha256 } = { sha256: '' }] = build.files
const signal = new AbortController().signal

/** As the hub answers: over TLS by its own CA, files by their sha256, ranges, to devices that it knows. */
async function mirror(knows = 'good') {
  const authority = await openAuthority(testFolder('authority'), ['127.0.0.1'])
  const asked: IncomingMessage[] = []
  const server = createServer({ key: authority.server.key, cert: authority.server.cert }, (request, reply) => {
    asked.push(request)
    if (!request.headers.authorization?.startsWith(`Bearer ${knows}`)) return reply.writeHead(401).end()
    if (request.url !== `/files/${sha256}`) return reply.writeHead(404).end()
    const [, from = 0, to = 0] = (/^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []).map(Number)
    const range = { 'content-range': `bytes ${from}-${to}/${content.length}` }
    reply.writeHead(206, range).end(content.subarray(from, to + 1))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, authority, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function fetched(url: string, caPem: string, bearer: () => Promise<string>) {
  const source = hubSource({ url: () => url, caPem, name: hubName, bearer })
  onTestFinished(() => source.close())
  const store = ArtifactStore.open(testFolder('store'), { limits: { partBytes: 100_000, failures: 1 } })
  try {
    await store.fetch(build, { sources: [source], signal })
    return (await store.has(build)) ? 'whole' : 'missing'
  } catch (error) {
    if (error instanceof ArtifactError) return error.trouble.code
    throw error
  }
}

test('files come from the hub in parts, each asked for with a password of its own', async () => {
  const { asked, authority, url } = await mirror()
  let made = 0
  expect(await fetched(url, authority.caPem, async () => `good ${made++}`)).toBe('whole')
  expect(new Set(asked.map(({ headers }) => headers.authorization)).size).toBe(3)
})

test('a device that the hub does not know is told so', async () => {
  const { authority, url } = await mirror()
  expect(await fetched(url, authority.caPem, async () => 'bad')).toBe('gated')
})

test('a hub by another CA gets neither the password nor a say', async () => {
  const { asked, url } = await mirror()
  const other = await openAuthority(testFolder('authority'), ['127.0.0.1'])
  expect(await fetched(url, other.caPem, async () => 'good')).toBe('tls-failed')
  expect(asked).toEqual([])
})
