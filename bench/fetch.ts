// What fetching a model costs: 1 GB from a server on this machine, by the agent's store (in parts, written, synced and
// verified) beside `curl | sha256sum`, which writes nothing, in turns. Then the same under ten kill -9 at random moments:
// how many bytes came twice.
// npm run bench fetch -- [--json] [--megabytes N]
import '@tradewind/agent/frugal'
import { execFileSync, fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchLimits } from '@tradewind/artifacts/fetch-file'
import { HttpSource } from '@tradewind/artifacts/http-source'
import { ArtifactStore } from '@tradewind/artifacts/store'
import { ResolvedBuild } from '@tradewind/protocol'
import { FaultySource } from '../packages/testkit/src/faulty-source'
import { median } from './load/process-usage'

const rounds = 3
const kills = 10
/** As fast as a good network: what lies in the sockets of a killed process is then little. */
const killedBytesPerSecond = 50e6
const gates = { shareOfCurlSpeed: 0.9, rssMaxBytes: 150e6, fetchedAgainBytes: fetchLimits.partBytes }

const roles = { serve, fetch: fetchOnce, bench }
await roles[(process.env.FETCH_ROLE ?? 'bench') as keyof typeof roles]()

/** One build of one file, which is nothing but random. */
function buildOf(sha256: string, bytes: number): ResolvedBuild {
  const file = { role: 'weights', repository: 'bench/bench', path: 'model.gguf', bytes, sha256 }
  const kind = { quantisation: 'Q8_0', bitsPerWeight: 8.5, quantisationAware: false, engine: 'llama-server' }
  return ResolvedBuild.parse({ id: 'bench', variant: 'bench', ...kind, hears: false, sees: false, files: [file] })
}

/** A process of its own: the file server. */
async function serve() {
  const block = randomBytes(1e6)
  const content = Buffer.concat(
    Array.from({ length: Number(process.env.MEGABYTES) }, (_, at) => {
      block.writeUInt32LE(at)
      return Buffer.from(block)
    }),
  )
  const server = await FaultySource.start({ 'model.gguf': content })
  const sha256 = createHash('sha256').update(content).digest('hex')
  process.on('message', (bytesPerSecond: number | null) => {
    server.bytesPerSecond = bytesPerSecond ?? undefined
    process.send?.({ sentBytes: server.sentBytes })
  })
  process.on('disconnect', () => process.exit())
  process.send?.({ url: `${server.url}/model.gguf`, build: buildOf(sha256, content.length) })
}

/** A process of its own: the store. */
async function fetchOnce() {
  const { FOLDER: folder = '', URL: url = '', BUILD: build = '' } = process.env
  const source = new HttpSource({ name: 'bench', urlOf: () => url })
  const began = performance.now()
  await ArtifactStore.open(folder).fetch(ResolvedBuild.parse(JSON.parse(build)), {
    sources: [source],
    signal: new AbortController().signal,
  })
  const ms = performance.now() - began
  const rssMaxBytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
  process.send?.({ ms, rssMaxBytes })
  process.exit()
}

async function bench() {
  const isJson = process.argv.includes('--json')
  const megabytes = Number(process.argv[process.argv.indexOf('--megabytes') + 1]) || 1000
  const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-bench-'))
  const server = start('serve', { MEGABYTES: String(megabytes) })
  try {
    const [served] = (await once(server, 'message')) as [{ url: string; build: ResolvedBuild }]
    const speed = await besideCurl(folder, served)
    const killed = await underKills(folder, served, server)
    const result = { megabytes, ...speed, ...killed }
    const missed = [
      ...(result.shareOfCurlSpeed >= gates.shareOfCurlSpeed ? [] : ['shareOfCurlSpeed']),
      ...(result.rssMaxBytes < gates.rssMaxBytes ? [] : ['rssMaxBytes']),
      ...(result.fetchedAgainBytes <= gates.fetchedAgainBytes ? [] : ['fetchedAgainBytes']),
    ]
    const report = { bench: 'fetch', peer: 'curl | sha256sum', ...result, gates, missed }
    if (isJson) console.log(JSON.stringify(report, null, 2))
    else
      for (const [name, value] of Object.entries(report)) console.log(`  ${name.padEnd(20)} ${JSON.stringify(value)}`)
    process.exitCode = missed.length > 0 ? 1 : 0
  } finally {
    server.disconnect()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Served = { url: string; build: ResolvedBuild }

async function besideCurl(folder: string, served: Served) {
  const [ours, curls, rss]: number[][] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    execFileSync('sync')
    const began = performance.now()
    execFileSync('sh', ['-c', `curl -s ${served.url} | sha256sum`])
    curls?.push(performance.now() - began)
    execFileSync('sync')
    const store = path.join(folder, `round-${round}`)
    const [{ ms, rssMaxBytes }] = (await once(startFetch(store, served), 'message')) as [Record<string, number>]
    ours?.push(ms ?? 0)
    rss?.push(rssMaxBytes ?? 0)
    rmSync(store, { recursive: true })
  }
  const [oursMs, curlMs] = [median(ours ?? []), median(curls ?? [])]
  return {
    oursMs: Math.round(oursMs),
    curlMs: Math.round(curlMs),
    shareOfCurlSpeed: Number((curlMs / oursMs).toPrecision(3)),
    rssMaxBytes: Math.max(...(rss ?? [])),
  }
}

async function underKills(folder: string, served: Served, server: ReturnType<typeof start>) {
  const ask = async (bytesPerSecond: number) => {
    server.send(bytesPerSecond)
    const [{ sentBytes }] = (await once(server, 'message')) as [{ sentBytes: number }]
    return sentBytes
  }
  const size = served.build.files[0]?.bytes ?? 0
  const before = await ask(killedBytesPerSecond)
  const allMs = (size * 1000) / killedBytesPerSecond
  for (let kill = 0; kill < kills; kill++) {
    const child = startFetch(path.join(folder, 'killed'), served)
    // the process takes a moment to start
    await new Promise((resolve) => setTimeout(resolve, 500 + (Math.random() * 1.6 * allMs) / kills))
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  await once(startFetch(path.join(folder, 'killed'), served), 'message')
  return { kills, fetchedAgainBytes: (await ask(killedBytesPerSecond)) - before - size }
}

function startFetch(folder: string, { url, build }: Served) {
  return start('fetch', { FOLDER: folder, URL: url, BUILD: JSON.stringify(build) })
}

function start(role: keyof typeof roles, env: Record<string, string>) {
  return fork(fileURLToPath(import.meta.url), { env: { ...process.env, FETCH_ROLE: role, ...env } })
}
