// What a hub is worth when things go wrong. The storm: kill -9 of the hub under 5,000 devices that all come back, beside
// mosquitto killed in the same way. The trouble: what a client that never reads and one that never stops cost 1,000
// good ones. npm run bench storm -- [--json] [--tls] [--devices N] [--rounds N]
// With --tls the devices of the storm, on both sides, come as devices from another machine do.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '@tradewind/store'
import { freePort } from '../packages/testkit/src/free-port'
import { storedSamples } from '../packages/testkit/src/stored-samples'
import { Crowd, serveCrowd } from './load/crowd'
import { assignFleet, enrolFleet, memberOf } from './load/fleet'
import { startHub } from './load/hub'
import { mosquittoVersion } from './load/mosquitto'
import { percentile } from './load/process-usage'
import { ReturningCrowd, serveReturningCrowd } from './load/returning-crowd'
import type { ReturningMember } from './load/returning-device'
import { authorityOf, hubSide, mosquittoSide, type Side } from './load/side'
import { serveTroublemakers, Troublemakers } from './load/troublemakers'

/** Samples a second, all devices together, before, during and after the storm. */
const samplesPerSecond = 300
/** Just before the kill each device tells one more, so far apart: some are acknowledged by then, some are not. */
const tellEveryUs = 100
/** How long devices may take to come back, and then to have all they told acknowledged. */
const patienceMs = 60_000

/** Devices beside the troublemakers, what they publish together, and for how long a round lasts. */
const good = { devices: 1_000, perSecond: 1_000, seconds: 15, rounds: 2 }

/** The most that each figure may be. */
const limits = {
  notBack: 0,
  backMaxMs: 30_000,
  wrongRevisions: 0,
  acknowledgedButLost: 0,
  neverStored: 0,
  storedTwice: 0,
  goodWorstMs: 3_500,
  goodDropped: 0,
}
type Figures = Record<keyof typeof limits, number>

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean' },
    tls: { type: 'boolean' },
    devices: { type: 'string' },
    rounds: { type: 'string' },
  },
  strict: false,
})
const devices = Number(options.devices ?? 5_000)
const rounds = Number(options.rounds ?? 3)
const say = (line: string) => options.json || console.log(line)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const sum = (values: number[]) => values.reduce((all, value) => all + value, 0)

if (!serveCrowd() && !serveReturningCrowd() && !serveTroublemakers()) {
  await main()
  process.exit()
}

async function main() {
  const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-bench-'))
  try {
    const { storms, ...stored } = await measureStorms(folder)
    const troubles = await measureTrouble(path.join(folder, 'trouble'))
    const gates = judge({
      notBack: sum(storms.map(({ hub }) => devices - hub.back)),
      backMaxMs: Math.max(...storms.map(({ hub }) => hub.maxMs)),
      wrongRevisions: sum(storms.map(({ hub }) => hub.wrongRevisions)),
      ...stored,
      goodWorstMs: Math.max(...troubles.map(({ beside }) => beside.worstMs)),
      goodDropped: sum(troubles.map(({ beside }) => beside.dropped)),
    })
    const report = {
      bench: 'storm',
      peer: mosquittoVersion(),
      tls: Boolean(options.tls),
      devices,
      samplesPerSecond,
      storms,
      troubles,
      gates,
    }
    if (options.json) console.log(JSON.stringify(report, null, 2))
    process.exitCode = gates.every(({ met }) => met) ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function judge(figures: Figures) {
  return Object.entries(limits).map(([name, limit]) => {
    const value = figures[name as keyof Figures]
    const met = value <= limit
    say(`  ${met ? 'met   ' : 'MISSED'} ${name.padEnd(20)} ${value}, at most ${limit}`)
    return { name, value, limit, met }
  })
}

async function measureStorms(folder: string) {
  const data = path.join(folder, 'storm')
  const fleet = await enrolled(data, devices)
  const wanted = fleet.map(({ id }, i) => ({ id, revision: 1 + (i % 9) }))
  await assigned(data, wanted)
  const hub = await hubSide(data, Boolean(options.tls))
  const peer = await mosquittoSide(folder, wanted, options.tls ? await authorityOf(data) : null)

  const storms = []
  const told = new Map<string, Told>()
  for (let round = 1; round <= rounds; round++) {
    const members = fleet.map(({ id, key }, i): ReturningMember => {
      const keyPem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
      const stream = randomBytes(8).toString('hex')
      return { id, keyPem, stream, start: round, revision: wanted[i]?.revision ?? 0 }
    })
    const ours = await storm(hub, members)
    for (const [stream, one] of Object.entries(ours.told)) told.set(stream, one)
    if (ours.figures.caught === 0) throw new Error('the kill came when nothing was on its way: this shows nothing')
    const theirs = await storm(peer, members)
    storms.push({ load1: loadavg()[0], hub: ours.figures, mosquitto: theirs.figures })
    say(`  storm ${round}, the hub:   ${inWords(ours.figures)}`)
    say(`           mosquitto: ${inWords(theirs.figures)}`)
  }
  await Promise.all([hub.stop(), peer.stop()])
  return { storms, ...compare(told, storedSamples(data)) }
}

/** Opens the crowd, kills and restarts the broker under it, and waits until all is told. */
async function storm(side: Side, members: ReturningMember[]) {
  const crowd = await ReturningCrowd.open({ port: side.port, caPem: side.caPem, members, perSecond: samplesPerSecond })
  await crowd.tellEach(tellEveryUs)
  await pause(2_000)
  await side.save()
  const underway = await crowd.tellEach(tellEveryUs)
  const killedMs = Date.now()
  await side.kill()
  const started = side.start().then(() => ({ upMs: Date.now() - killedMs, upCpuMs: side.cpuMs() }))
  const { backMs, ...came } = await crowd.comeBack(killedMs, patienceMs)
  const up = await started
  const cpuMs = side.cpuMs()
  const { tookMs, told } = await crowd.settle(killedMs, patienceMs)
  crowd.close()
  const figures = {
    ...underway,
    ...up,
    back: backMs.length,
    p50Ms: percentile(backMs, 0.5),
    p99Ms: percentile(backMs, 0.99),
    maxMs: Math.max(...backMs),
    allToldMs: tookMs,
    cpuMs,
    ...came,
  }
  return { figures, told }
}

/** Of one stream: how many samples were taken, and which of them the hub acknowledged. */
type Told = { taken: number; acknowledged: number[] }

function compare(told: Map<string, Told>, stored: ReturnType<typeof storedSamples>) {
  const found = { acknowledgedButLost: 0, neverStored: 0, storedTwice: 0 }
  for (const [stream, { taken, acknowledged }] of told) {
    const seqs = stored.get(stream) ?? new Map<number, number>()
    found.acknowledgedButLost += acknowledged.filter((seq) => !seqs.has(seq)).length
    found.neverStored += taken - seqs.size
    found.storedTwice += [...seqs.values()].filter((times) => times > 1).length
  }
  return found
}

function inWords(one: Awaited<ReturnType<typeof storm>>['figures']): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  return (
    `${one.back} back, p50 ${seconds(one.p50Ms)} s, p99 ${seconds(one.p99Ms)} s, all ${seconds(one.maxMs)} s, ` +
    `all told ${seconds(one.allToldMs)} s; ${seconds(one.cpuMs)} s of CPU; up after ${seconds(one.upMs)} s`
  )
}

/** The delay of the good, publish to acknowledgement, without the troublemakers and beside them. */
async function measureTrouble(data: string) {
  const fleet = await enrolled(data, good.devices + 2)
  const ports = { plain: await freePort(), https: await freePort(), mqtts: await freePort() }
  const hub = await startHub(data, ports)
  const [frozen, flooding, ...members] = await Promise.all(fleet.map(memberOf))
  if (!frozen || !flooding) throw new Error('there are no troublemakers')
  const crowd = await Crowd.open(ports.plain, members)
  await crowd.load(good.perSecond, good.seconds) // not counted: the hub is compiled as it runs

  const troubles = []
  for (let round = 1; round <= good.rounds; round++) {
    const without = await delays(crowd)
    const troublemakers = await Troublemakers.begin({ port: ports.plain, frozen, flooding })
    const beside = await delays(crowd)
    const trouble = await troublemakers.report()
    troublemakers.close()
    troubles.push({ load1: loadavg()[0], without, beside, trouble })
    say(`  trouble ${round}, without: ${delaysInWords(without)}`)
    say(`             beside:  ${delaysInWords(beside)}; ${JSON.stringify(trouble)}`)
  }
  crowd.close()
  await hub.stop()
  return troubles
}

async function delays(crowd: Crowd) {
  const { latencies, dropped } = await crowd.load(good.perSecond, good.seconds)
  return {
    p50Ms: Math.round(percentile(latencies, 0.5)),
    p99Ms: Math.round(percentile(latencies, 0.99)),
    worstMs: Math.ceil(percentile(latencies, 1)),
    dropped,
  }
}

function delaysInWords({ p50Ms, p99Ms, worstMs, dropped }: Awaited<ReturnType<typeof delays>>): string {
  return `p50 ${p50Ms} ms, p99 ${p99Ms} ms, worst ${worstMs} ms, ${dropped} dropped`
}

async function assigned(data: string, wanted: { id: string; revision: number }[]) {
  const store = await openStore(path.join(data, 'tradewind.db'))
  await assignFleet(store, wanted)
  await store.close()
}

async function enrolled(data: string, count: number) {
  say(`${count} devices: enrolling, about ${Math.ceil(count / 200)} s`)
  const store = await openStore(path.join(data, 'tradewind.db'))
  const fleet = await enrolFleet(store, count)
  await store.close()
  return fleet
}
