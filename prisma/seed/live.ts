import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import { signPassword } from '@tradewind/agent/link/password'
import {
  type Assignment,
  bytesOf,
  decode,
  encode,
  figureNames,
  type LeafName,
  type Message,
  type Reported,
  type Sample,
  type Seeking,
  type Serving,
  topicOf,
} from '@tradewind/protocol'
import { openStore, type Store } from '@tradewind/store'
import { MqttSocket, openMany, together } from '../../bench/load/mqtt-socket'
import { give, stories } from './asked'
import { type Body, figureCount, sampleEveryMs } from './body'
import { cast, keyOf } from './cast'
import { bodiesOf, heardOf, livesOf } from './lives'
import { type Memory, recall } from './memory'
import { failedReport, Placing } from './placing'

const [secondMs, minuteMs, dayMs] = [1_000, 60_000, 86_400_000]
/** For so long a device pretends to be at each step. */
const stepMs = { fetch: 16, verify: 2, 'stop-engine': 1, 'start-engine': 4, 'smoke-test': 3 } as const

/**
 * Speaks for the devices of a seeded folder beside a hub that runs on it, as their agents would: they are online, send
 * samples, more often while somebody watches, and seek what they are assigned. Ends when it is interrupted.
 */
export async function live(data: string): Promise<void> {
  const memory = recall(data) ?? give(`${data} was not seeded: seed it first`)
  const store = await openStore(path.join(data, 'tradewind.db'))
  const [hub, roster] = [await store.hubInfo(), await store.roster()]
  const starts = new Map(roster.map(({ deviceId, presence }) => [deviceId, (presence?.start ?? 0) + 1]))
  const secureContext = createSecureContext({ ca: readOr(path.join(data, 'authority/ca.pem')) })
  const when = { seed: memory.seed, nowMs: memory.seededMs, days: memory.days }
  const fleet = cast({ ...when, devices: memory.devices })
  const lives = heardOf(livesOf(fleet, stories[memory.story ?? ''], when), memory.seed)
  const bodies = await bodiesOf(store, lives, when)
  const placing = new Placing(store, fleet, memory.seed)
  const awake = bodies.filter((body) => !body.isAway(Date.now()))
  const about = { store, placing, memory, port: hub?.mqttPort ?? 0, secureContext }
  const devices = awake.map((body) => new LiveDevice(body, starts.get(body.device.id) ?? 1, about))
  await openMany(devices.length, together, (i) => (devices[i] as LiveDevice).connect())
  console.log(`${devices.length} of ${fleet.length} devices are online; the others are away. Ctrl-C ends it.`)
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, secondMs))
    for (const device of devices) await device.tick(Date.now())
  }
}

type About = { store: Store; placing: Placing; memory: Memory; port: number; secureContext: SecureContext }

class LiveDevice {
  #socket: MqttSocket | null = null
  #connecting = false
  #session = 0
  #stream = randomBytes(8).toString('hex')
  #seq = 0
  #samples: Sample[] = []
  #sampledMs = 0
  #sentMs = Date.now() - Math.random() * minuteMs // not all in the same second
  #watchedUntilMs = 0
  #revision = 0
  #seeking: Promise<void> = Promise.resolve()

  constructor(
    private body: Body,
    private start: number,
    private about: About,
  ) {}

  private get id() {
    return this.body.device.id
  }

  async connect() {
    const { memory, port, secureContext } = this.about
    const key = keyOf(memory.secret, this.id)
    const said = { deviceId: this.id, start: this.start, run: this.#stream, nowMs: Date.now() }
    const identity = { clientId: this.id, username: this.id, password: await signPassword(key, said) }
    const socket = await MqttSocket.open(port, identity, secureContext)
    socket.onMessage = (_topic, payload) => {
      const desired = decode('desired', payload)
      if (desired.ok) this.#hear(desired.value)
    }
    this.#socket = socket
    this.#session++
    this.#say('presence', { state: 'online', start: this.start, session: this.#session, at: Date.now() })
    await socket.subscribe(topicOf(this.id, 'desired'))
  }

  /** Once a second. */
  async tick(nowMs: number) {
    if (!this.#socket?.isOpen) return this.#comeBack()
    const isWatched = nowMs < this.#watchedUntilMs
    if (nowMs - this.#sampledMs >= (isWatched ? secondMs : sampleEveryMs)) this.#sample(nowMs)
    if (this.#samples.length > 0 && nowMs - this.#sentMs >= (isWatched ? secondMs : minuteMs)) this.#send(nowMs)
  }

  #comeBack() {
    if (this.#connecting) return
    this.#connecting = true
    const again = () => {
      this.#connecting = false
    }
    this.connect().then(again, () => setTimeout(again, 5 * secondMs))
  }

  #sample(nowMs: number) {
    const out = new Float64Array(figureCount)
    if (!this.body.sampleInto(out, nowMs)) return
    this.#sampledMs = nowMs
    const figures = Object.fromEntries(
      figureNames.flatMap((name, f) => (Number.isNaN(out[f]) ? [] : [[name, out[f] as number]])),
    )
    const work = nowMs < this.#watchedUntilMs ? undefined : this.body.workAt(nowMs)
    this.#samples.push({ seq: ++this.#seq, mono: monoOf(nowMs), at: nowMs, ...figures, ...(work && { work }) })
  }

  #send(nowMs: number) {
    const sent = { boot: 'seed', mono: monoOf(nowMs), at: nowMs }
    this.#say('telemetry', { stream: this.#stream, boot: 'seed', clock: 'hub', samples: this.#samples, sent })
    this.#samples = []
    this.#sentMs = nowMs
  }

  #hear({ revision, leaseMs }: Message<'desired'>) {
    if (leaseMs > 0) this.#watchedUntilMs = Date.now() + leaseMs
    if (revision <= this.#revision) return
    this.#revision = revision
    this.#seeking = this.#seeking
      .then(() => this.#seek(revision))
      .catch((error: Error) => console.error(`${this.body.device.name}: ${error.message}`))
  }

  /** Walks through the steps, unless it has been there, or something newer was assigned meanwhile. */
  async #seek(revision: number) {
    const { store, placing, memory } = this.about
    const known = await store.device(this.id)
    const [row] = await store.assignments(this.id, 1)
    if (!row || row.revision !== revision || (known?.assignment?.revisionSeen ?? 0) >= revision) return
    const applied = known?.assignment?.revisionApplied ?? 0
    const isSame = known?.serving?.build === row.build
    const before = { applied, serving: known?.serving ?? null, isSame }
    for (const step of isSame ? restarting : changing) await this.#step(step, row.assignment, before)
    if (revision !== this.#revision) return
    const { workloadId, workloadVersion } = row
    const workload = workloadId === null ? null : { id: workloadId, version: workloadVersion ?? 1 }
    const { build, options, smoke } = row.assignment
    const change = { deviceId: this.id, workload, build, options, smoke, decision: row.decision }
    const isBad = memory.story === 'bad-canary' && options.slots === 2
    if (isBad) return this.#say('reported', failedReport(revision, build.id, Date.now(), before.serving))
    const told = { assigned: { deviceId: this.id, revision, assignment: row.assignment }, change }
    const { reported, measured } = placing.answerOf(told, Date.now(), this.body.plot.speed(Date.now()))
    this.#say('reported', { ...reported, restart: row.assignment.restart })
    if (measured) this.#say('measured', { builds: [measured] })
  }

  async #step(
    step: keyof typeof stepMs,
    { revision, build }: Assignment,
    before: { applied: number; serving: Serving | null },
  ) {
    const sinceMs = Date.now()
    const takesMs = stepMs[step] * secondMs * (0.7 + 0.6 * Math.random())
    const totalBytes = bytesOf(build)
    for (let nowMs = sinceMs; nowMs - sinceMs < takesMs && revision === this.#revision; nowMs = Date.now()) {
      const share = (nowMs - sinceMs) / takesMs
      const progress = {
        ...{ doneBytes: Math.round(totalBytes * share), totalBytes },
        ...{ bytesPerSecond: Math.round((totalBytes / takesMs) * secondMs), etaMs: Math.round(takesMs * (1 - share)) },
      }
      const seeking: Seeking = {
        ...{ is: 'working', revision, build: build.id, step, since: sinceMs, reason: null },
        ...(step === 'fetch' && { progress }),
      }
      const serving = isDown.has(step) ? null : before.serving
      const reported: Reported = {
        ...{ at: nowMs, revisionSeen: revision, revisionApplied: before.applied, failure: null, seeking },
        ...(serving && { serving }),
      }
      this.#say('reported', reported)
      await new Promise((resolve) => setTimeout(resolve, 2 * secondMs))
    }
  }

  #say<L extends LeafName>(leaf: L, message: Message<L>) {
    const encoded = encode(leaf, message)
    if (!encoded.ok) throw new Error(`an invalid ${leaf}: ${encoded.refusal.where}`)
    this.#socket?.publish(topicOf(this.id, leaf), Buffer.from(encoded.value).toString(), {
      retain: leaf !== 'telemetry',
    })
  }
}

const changing = ['fetch', 'verify', 'stop-engine', 'start-engine', 'smoke-test'] as const
const restarting = ['stop-engine', 'start-engine', 'smoke-test'] as const
/** In these nothing is served. */
const isDown = new Set<string>(['stop-engine', 'start-engine', 'smoke-test'])

/** As if every device had booted three days before this program. */
const bootedMs = Date.now() - 3 * dayMs
const monoOf = (atMs: number) => atMs - bootedMs

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return give(`${file} is not there: start a hub on the folder first`)
  }
}
