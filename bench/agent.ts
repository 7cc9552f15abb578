// What the agent costs a device that does nothing: memory, CPU, uplink, writing to the card, beside Debian's
// node_exporter scraped as often. The real agent and the real hub, with the settings that devices have.
// npm run bench agent -- [--json] [--minutes N]
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openStore } from '@tradewind/store'
import { freePort } from '../packages/testkit/src/free-port'
import { storedSamples } from '../packages/testkit/src/stored-samples'
import { startRelay } from './load/counting-relay'
import { startHub } from './load/hub'
import { nodeExporterVersion, startNodeExporter } from './load/node-exporter'
import { median, proportionalBytesOf, usageOf } from './load/process-usage'

const [minuteMs, dayMs] = [60_000, 24 * 3_600_000]
const sampleMs = 10_000
/** Before anything counts: the first probes and the first batches are over, and the engine has compiled what is hot. */
const settleMs = 90_000
/** What IPv4 and TCP with timestamps add to each segment, and the size of an acknowledgement without data. */
const headerBytes = 52
/** Where the relay listens: loopback too, so that everything the agent says to the hub passes it. */
const relayHost = '127.0.0.2'

const gates = {
  rssMaxBytes: 80e6,
  cpuPerSampleOfScrape: 0.5,
  uplinkBytesPerMonth: 30e6,
  writtenBytesPerDay: 10e6,
}

const isJson = process.argv.includes('--json')
const minutes = Number(process.argv[process.argv.indexOf('--minutes') + 1] ?? 10) || 10
const say = (line: string) => isJson || console.log(line)
const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-bench-'))
try {
  const result = await measure()
  const missed = (Object.keys(gates) as (keyof typeof gates)[]).filter((name) => !(result[name] <= gates[name]))
  const report = { bench: 'agent', peer: nodeExporterVersion(), ...result, gates, missed }
  if (isJson) console.log(JSON.stringify(report, null, 2))
  else for (const [name, value] of Object.entries(report)) say(`  ${name.padEnd(28)} ${JSON.stringify(value)}`)
  process.exitCode = missed.length > 0 ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit()

async function measure() {
  const hubFolder = path.join(folder, 'hub')
  const ports = { plain: await freePort(), https: await freePort(), mqtts: await freePort() }
  const hub = await startHub(hubFolder, ports, relayHost)
  const relays = await Promise.all(
    [ports.https, ports.mqtts].map((port) => startRelay({ host: relayHost, port }, { host: '127.0.0.1', port })),
  )
  const agent = await startAgent(await enrolToken(hubFolder))
  const peer = await startNodeExporter(await freePort())
  try {
    say(`the agent settles for ${settleMs / 1000} s, then ${minutes} minutes count`)
    await observe(settleMs)
    const passedBefore = sumOf(relays.map((relay) => relay.passed()))
    const samplesBefore = samplesIn(hubFolder)
    const before = usageOf(agent.pid)
    const peerBefore = usageOf(peer.pid)
    const { rss, scrapes, tookMs } = await observe(minutes * minuteMs)
    const after = usageOf(agent.pid)
    const peerAfter = usageOf(peer.pid)
    const passed = sumOf(relays.map((relay) => relay.passed()))
    const proportional = proportionalBytesOf(agent.pid)
    // samples of the last minute still wait in the agent: over time as many arrive as are taken
    const samples = samplesIn(hubFolder) - samplesBefore

    const cpuMsPerSample = (after.cpuMs - before.cpuMs) / (tookMs / sampleMs)
    const peerCpuMsPerScrape = (peerAfter.cpuMs - peerBefore.cpuMs) / scrapes
    const perDay = (bytes: number) => Math.round((bytes * dayMs) / tookMs)
    const up = passed.upBytes - passedBefore.upBytes
    const segments = passed.upReads - passedBefore.upReads + passed.downReads - passedBefore.downReads
    return {
      minutes,
      samplesStored: samples,
      rssMaxBytes: Math.max(...rss),
      rssMedianBytes: median(rss),
      rssFirstQuarterBytes: median(rss.slice(0, rss.length / 4 + 1)),
      rssLastQuarterBytes: median(rss.slice((-rss.length / 4) | 0)),
      pssBytes: proportional,
      peerRssBytes: peerAfter.rssBytes,
      cpuMsPerSample: rounded(cpuMsPerSample),
      peerCpuMsPerScrape: rounded(peerCpuMsPerScrape),
      cpuPerSampleOfScrape: rounded(cpuMsPerSample / peerCpuMsPerScrape),
      uplinkPayloadBytesPerMonth: 30 * perDay(up),
      uplinkBytesPerMonth: 30 * perDay(up + segments * headerBytes),
      dirtiedBytesPerDay: perDay(after.writtenBytes - before.writtenBytes),
      writtenBytesPerDay: perDay(netWritten(after) - netWritten(before)),
      writeCallBytesPerDay: perDay(after.writeCallBytes - before.writeCallBytes),
    }
  } finally {
    peer.stop()
    await agent.stop()
    for (const relay of relays) relay.stop()
    await hub.stop()
  }

  /** Scrapes the peer as often as the agent samples, and notes the agent's memory. */
  async function observe(ms: number) {
    const began = performance.now()
    const rss: number[] = []
    let scrapes = 0
    while (performance.now() - began < ms) {
      await peer.scrape()
      scrapes++
      rss.push(usageOf(agent.pid).rssBytes)
      await new Promise((resolve) => setTimeout(resolve, began + scrapes * sampleMs - performance.now()))
    }
    return { rss, scrapes, tookMs: performance.now() - began }
  }
}

async function enrolToken(hubFolder: string): Promise<string> {
  const store = await openStore(path.join(hubFolder, 'tradewind.db'))
  const { text } = await store.createEnrolToken({ note: 'bench', lifeMs: 3_600_000, actor: 'bench' })
  await store.close()
  return text
}

/** The built agent, started as a service manager starts it. */
async function startAgent(token: string) {
  const env = { ...process.env, TRADEWIND_AGENT_DATA: path.join(folder, 'agent'), TRADEWIND_TOKEN: token }
  const child = spawn(process.execPath, [path.resolve('apps/agent/dist/main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => text.includes('connected to the hub') && resolve())
    child.once('exit', (code) => reject(new Error(`the agent ended with code ${code}`)))
  })
  return {
    pid: child.pid ?? 0,
    stop: () => {
      child.kill('SIGTERM')
      return new Promise<void>((resolve) => child.once('exit', () => resolve()))
    },
  }
}

function sumOf<T extends Record<string, number>>(all: T[]): T {
  const sum: Record<string, number> = {}
  for (const one of all) for (const [name, value] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + value
  return sum as T
}

function samplesIn(hubFolder: string): number {
  return [...storedSamples(hubFolder).values()].reduce((sum, seqs) => sum + seqs.size, 0)
}

function netWritten({ writtenBytes, cancelledBytes }: ReturnType<typeof usageOf>): number {
  return writtenBytes - cancelledBytes
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
