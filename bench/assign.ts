// How long it takes from a person's ask over REST to the device: one device at a time, and all at once, with all of them
// connected. npm run bench assign -- [--json] [--devices N]
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { decode, encode, type Facts, type LeafName, type Message, topicOf } from '@tradewind/protocol'
import { openStore, type Store } from '@tradewind/store'
import { freePort } from '../packages/testkit/src/free-port'
import { resolvedBuilds } from '../packages/testkit/src/resolved-builds'
import { startDashboard } from './load/dashboard'
import { type BenchDevice, enrolFleet, memberOf } from './load/fleet'
import { startHub } from './load/hub'
import { MqttSocket, openMany, together } from './load/mqtt-socket'
import { percentile } from './load/process-usage'

/** The most that each figure may be. Milliseconds, from the ask to the device. */
const limits = { oneP99Ms: 250, allToldMs: 5_000 }
const asks = 300

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, devices: { type: 'string' } },
  strict: false,
})
const count = Number(options.devices ?? 5_000)
const say = (line: string) => options.json || console.log(line)

const pi5: Facts = {
  cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: ['asimddp'] },
  memory: { totalBytes: 8.45e9 },
  board: { model: 'Raspberry Pi 5 Model B Rev 1.0' },
  storage: { path: '/', totalBytes: 250e9, freeBytes: 100e9 },
}

const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-bench-'))
try {
  await main()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit()

async function main() {
  const store = await openStore(path.join(folder, 'tradewind.db'))
  await store.setCatalogue(resolvedBuilds, 'bench')
  say(`${count} devices: enrolling, about ${Math.ceil(count / 200)} s`)
  const fleet = await enrolFleet(store, count)
  const ports = { plain: await freePort(), https: await freePort(), mqtts: await freePort() }
  const hub = await startHub(folder, ports)
  const dashboard = await startDashboard(folder)
  const { secret } = await store.createApiToken({ name: 'bench', role: 'operator', actor: 'bench' })
  const told: Told = new Map()
  const ask = (deviceIds: string[]) => asked({ origin: dashboard.origin, secret }, deviceIds, told)
  await openMany(count, together, (i) => connect(ports.plain, fleet[i] as BenchDevice, told))
  await until(async () => (await store.placedIds()).length === count)
  await placed(store)

  const oneMs: number[] = []
  for (let i = 0; i < asks; i++) oneMs.push(await ask([(fleet[(i * 7) % count] as BenchDevice).id]))
  const allToldMs = await ask(fleet.map(({ id }) => id))
  await dashboard.stop()
  await hub.stop()
  await store.close()
  const figures = {
    oneP50Ms: Math.round(percentile(oneMs, 0.5)),
    oneP99Ms: Math.round(percentile(oneMs, 0.99)),
    allToldMs,
  }
  say(`one device: p50 ${figures.oneP50Ms} ms, p99 ${figures.oneP99Ms} ms of ${asks}; all ${count}: ${allToldMs} ms`)
  const gates = Object.entries(limits).map(([name, limit]) => {
    const value = figures[name as keyof typeof limits]
    say(`  ${value <= limit ? 'met   ' : 'MISSED'} ${name.padEnd(12)} ${value}, at most ${limit}`)
    return { name, value, limit, met: value <= limit }
  })
  if (options.json)
    console.log(JSON.stringify({ bench: 'assign', devices: count, load1: loadavg()[0], figures, gates }, null, 2))
  process.exitCode = gates.every(({ met }) => met) ? 0 : 1
}

type Told = Map<string, { revision: number; atMs: number }>

/** A device that says what it is, and notes when it is told what to serve. */
async function connect(port: number, device: BenchDevice, told: Told) {
  const { id } = device
  const socket = await MqttSocket.open(port, await memberOf(device))
  socket.onMessage = (_topic, payload) => {
    const desired = decode('desired', payload)
    if (desired.ok && desired.value.assignment) told.set(id, { revision: desired.value.revision, atMs: Date.now() })
  }
  await socket.subscribe(topicOf(id, 'desired'))
  const say = <L extends LeafName>(leaf: L, message: Message<L>) => {
    const encoded = encode(leaf, message)
    if (!encoded.ok) throw new Error(`an invalid ${leaf}: ${encoded.refusal.where}`)
    socket.publish(topicOf(id, leaf), Buffer.from(encoded.value).toString(), { retain: true })
  }
  say('presence', { state: 'online', start: 1, session: 1, at: Date.now() })
  say('capability', {
    at: Date.now(),
    agentVersion: '0',
    deviceClass: 'v1:00000000000000a5',
    facts: pi5,
    unreadable: [],
  })
}

/** The first placement of all of them, as everybody's first workload does it. */
async function placed(store: Store) {
  const began = Date.now()
  await store.createWorkload({ id: 'calls', useCases: ['transcription'], context: 4096 }, 'bench')
  const all = async () => (await store.assigned(await store.placedIds())).length === count
  await until(all, 60_000)
  say(`first placement of all, looked for and decided: ${Date.now() - began} ms`)
}

/** Milliseconds from the ask until the last of them was told. */
async function asked(at: { origin: string; secret: string }, devices: string[], told: Told): Promise<number> {
  const headers = { authorization: `Bearer ${at.secret}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ devices, workload: 'calls' })
  const began = Date.now()
  const reply = await fetch(`${at.origin}/api/v1/assignments`, { method: 'POST', headers, body })
  const { assigned } = (await reply.json()) as { assigned: { deviceId: string; revision: number }[] }
  if (assigned?.length !== devices.length) throw new Error(`${reply.status}: ${assigned?.length} of ${devices.length}`)
  const heard = ({ deviceId, revision }: (typeof assigned)[number]) => (told.get(deviceId)?.revision ?? 0) >= revision
  await until(async () => assigned.every(heard), 60_000, 1)
  return Math.max(...assigned.map(({ deviceId }) => told.get(deviceId)?.atMs ?? 0)) - began
}

async function until(isSo: () => Promise<boolean>, ms = 60_000, everyMs = 100) {
  for (const began = Date.now(); !(await isSo()); await new Promise((resolve) => setTimeout(resolve, everyMs)))
    if (Date.now() - began > ms) throw new Error(`not after ${ms} ms`)
}
