// How dearly a sample gets from a device's socket to a committed row, beside mosquitto merely forwarding the same load.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openStore } from '@tradewind/store'
import { freePort } from '../packages/testkit/src/free-port'
import { storedSamples } from '../packages/testkit/src/stored-samples'
import { Crowd, serveCrowd } from './load/crowd'
import { enrolFleet, memberOf } from './load/fleet'
import { startHub } from './load/hub'
import { mosquittoVersion, startMosquitto } from './load/mosquitto'
import { MqttSocket } from './load/mqtt-socket'
import { median, percentile, usageOf } from './load/process-usage'

/** Messages a second, all devices together, and for how long one round lasts. */
const ratePerSecond = 1_000
const roundSeconds = 10
/** Before the first round, not counted: the hub is compiled as it runs, mosquitto was before. */
const warmSeconds = 10
const rounds = 3

type Round = { cpuUsPerMessage: number; perSecond: number; p50Ms: number; p99Ms: number; writtenPerMessage: number }

const isJson = process.argv.includes('--json')
const counts = process.argv
  .slice(3)
  .filter((arg) => /^\d+$/.test(arg))
  .map(Number)
const say = (line: string) => isJson || console.log(line)
if (!serveCrowd()) {
  await main()
  process.exit()
}

async function main() {
  const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-bench-'))
  try {
    const results = []
    for (const count of counts.length > 0 ? counts : [1_000, 10_000]) results.push(await measure(folder, count))
    if (isJson) console.log(JSON.stringify({ bench: 'ingest', peer: mosquittoVersion(), results }, null, 2))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(folder: string, count: number) {
  const data = path.join(folder, String(count))
  const ports = { plain: await freePort(), https: await freePort(), mqtts: await freePort() }
  const store = await openStore(path.join(data, 'tradewind.db'))
  say(`\n${count} devices: enrolling, about ${Math.ceil(count / 200)} s`)
  const devices = await enrolFleet(store, count)
  await store.close()
  const hub = await startHub(data, ports)
  const peerPort = await freePort()
  const peer = await startMosquitto(folder, peerPort)

  const before = usageOf(hub.pid)
  const crowd = await Crowd.open(ports.plain, await Promise.all(devices.map(memberOf)))
  const connected = usageOf(hub.pid)
  const peerCrowd = await Crowd.open(
    peerPort,
    devices.map(({ id, stream }) => ({ clientId: id, topic: `peer/${id}`, stream })),
  )
  const subscriber = await MqttSocket.open(peerPort, { clientId: 'subscriber' })
  await subscriber.subscribe('#')

  const ours: Round[] = []
  const theirs: Round[] = []
  await round(hub.pid, crowd, warmSeconds)
  await round(peer.pid, peerCrowd, warmSeconds)
  for (let i = 0; i < rounds; i++) {
    ours.push(await round(hub.pid, crowd, roundSeconds))
    theirs.push(await round(peer.pid, peerCrowd, roundSeconds))
    say(
      `  round ${i + 1}: hub ${ours[i]?.cpuUsPerMessage.toFixed(0)} us of CPU a message, mosquitto ${theirs[i]?.cpuUsPerMessage.toFixed(0)}`,
    )
  }
  for (const one of [crowd, peerCrowd, subscriber]) one.close()
  peer.stop()
  await hub.stop()

  const acknowledged = ratePerSecond * (warmSeconds + rounds * roundSeconds)
  const rows = [...storedSamples(data).values()].reduce((sum, seqs) => sum + seqs.size, 0)
  const of = (all: Round[], pick: (one: Round) => number) => Number(median(all.map(pick)).toPrecision(4))
  const ratio = median(ours.map((one, i) => one.cpuUsPerMessage / (theirs[i]?.cpuUsPerMessage ?? Number.NaN)))
  const result = {
    devices: count,
    messagesPerSecond: of(ours, (one) => one.perSecond),
    hubCpuUsPerMessage: of(ours, (one) => one.cpuUsPerMessage),
    mosquittoCpuUsPerMessage: of(theirs, (one) => one.cpuUsPerMessage),
    cpuRatio: Number(ratio.toPrecision(3)),
    p50Ms: of(ours, (one) => one.p50Ms),
    p99Ms: of(ours, (one) => one.p99Ms),
    bytesWrittenPerSample: of(ours, (one) => one.writtenPerMessage),
    bytesPerConnection: Math.round((connected.rssBytes - before.rssBytes) / count),
    cpuUsPerConnect: Math.round(((connected.cpuMs - before.cpuMs) * 1000) / count),
    acknowledged,
    lost: acknowledged - rows,
  }
  say(table(result))
  return result
}

/** One round of load, and what it cost the broker. */
async function round(pid: number, crowd: Crowd, seconds: number): Promise<Round> {
  const before = usageOf(pid)
  const { latencies, tookMs } = await crowd.load(ratePerSecond, seconds)
  const after = usageOf(pid)
  const total = ratePerSecond * seconds
  if (latencies.length !== total) throw new Error(`${latencies.length} of ${total} messages were acknowledged`)
  return {
    cpuUsPerMessage: ((after.cpuMs - before.cpuMs) * 1000) / total,
    perSecond: (total / tookMs) * 1000,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    writtenPerMessage: (after.writtenBytes - before.writtenBytes) / total,
  }
}

function table(result: object): string {
  const lines = Object.entries(result).map(([name, value]) => `  ${name.padEnd(26)} ${value}`)
  return lines.join('\n')
}
