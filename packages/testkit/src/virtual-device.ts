import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { uptime } from 'node:os'
import { enrol } from '@tradewind/agent/identity/enrol'
import type { Enrolled } from '@tradewind/agent/identity/identity'
import { hubBytes, hubRequest } from '@tradewind/agent/link/hub-http'
import { signPassword } from '@tradewind/agent/link/password'
import { type Incoming, Session } from '@tradewind/agent/link/session'
import { checkClip } from '@tradewind/agent/trial/clip'
import { type Hear, servesNothing, Trials } from '@tradewind/agent/trial/trials'
import {
  type Ask,
  Assignment,
  assignmentType,
  type ClipRef,
  type Desired,
  decode,
  type Facts,
  type PresenceState,
  type Reported,
  type Sample,
  type Telemetry,
} from '@tradewind/protocol'
import { compactVerify, importJWK } from 'jose'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { testFolder } from './folder'

const silent = pino({ level: process.env.TRADEWIND_TEST_LOG ?? 'silent' })
const pi5: Facts = {
  cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: ['asimddp'] },
  memory: { totalBytes: 8.45e9 },
  board: { model: 'Raspberry Pi 5 Model B Rev 1.0' },
  storage: { path: '/', totalBytes: 250e9, freeBytes: 100e9 },
}
const name = () => randomBytes(8).toString('hex')

/**
 * A device without a machine: it speaks the real protocol over real sockets with the agent's own code, and says
 * whatever the test makes it say.
 */
export class VirtualDevice {
  start = 1
  sessions = 0
  run = name()
  stream = name()
  seq = 0
  boot = name()
  session: Session | null = null
  /** what it says to people who try it */
  hear: Hear = servesNothing
  readonly #trials = new Trials({
    fetchClip: async (clip) => checkClip(clip, await this.fetch(clip)),
    hear: (...given) => this.hear(...given),
    log: silent,
  })
  /** the newest it was told to serve; it is kept whatever becomes of the hub */
  assignment: Assignment | null = null
  /** why it did not take what it was told: not signed by its hub, for another device, older than what it has */
  readonly declined: { code: 'forged' | 'foreign' | 'older'; revision: number }[] = []
  #deciding: Promise<void> = Promise.resolve()
  readonly heard: { leaf: string; body: unknown }[] = []

  private constructor(
    readonly key: ReturnType<typeof generateKeyPairSync>['privateKey'],
    readonly enrolled: Enrolled,
  ) {}

  get id() {
    return this.enrolled.deviceId
  }

  /** Enrols with a token; `EnrolError` when the hub says no. */
  static async enrol(
    token: string,
    key = generateKeyPairSync('ed25519').privateKey,
    as = 'virtual',
  ): Promise<VirtualDevice> {
    const enrolled = await enrol({
      folder: testFolder('device'),
      key,
      token,
      hubUrl: undefined,
      name: as,
      agentVersion: '0.0.0-virtual',
      hints: {},
      log: silent,
      wait: () => Promise.reject(new Error('the hub did not answer')),
    })
    return new VirtualDevice(key, enrolled)
  }

  /** A second body with the same identity, as after copying a card. */
  clone(): VirtualDevice {
    const clone = new VirtualDevice(this.key, this.enrolled)
    clone.start = this.start
    return clone
  }

  password(nowMs = Date.now()) {
    return signPassword(this.key, { deviceId: this.id, start: this.start, run: this.run, nowMs })
  }

  /** Connects and says that it is online. Throws `Refused` when the broker says no. */
  async connect(options: { password?: string; host?: string } = {}): Promise<Session> {
    const hear: Incoming = (leaf, payload, id) => {
      this.heard.push({ leaf, body: JSON.parse(Buffer.from(payload).toString()) })
      const ask = leaf === 'ask' ? decode(leaf, payload) : null
      if (ask?.ok && id) void this.#answer(ask.value, id)
      const desired = leaf === 'desired' ? decode(leaf, payload) : null
      if (desired?.ok) this.#deciding = this.#deciding.then(() => this.#consider(desired.value))
    }
    this.sessions++
    const session = await Session.open({
      host: options.host ?? '127.0.0.1',
      port: this.enrolled.hub.mqttPort,
      caPem: this.enrolled.hub.caPem,
      deviceId: this.id,
      password: options.password ?? (await this.password()),
      start: this.start,
      session: this.sessions,
      now: Date.now,
      onMessage: hear,
    })
    this.session = session
    void session.closed.then(() => this.#trials.cancelAll())
    onTestFinished(() => session.drop())
    await this.say('online')
    return session
  }

  /** Says what it is, as a Raspberry Pi 5 with 8 GB unless told otherwise. */
  async tellFacts(facts: Facts = pi5, deviceClass = 'v1:00000000000000a5') {
    const report = { at: Date.now(), agentVersion: '0.0.0-virtual', deviceClass, facts, unreadable: [] }
    await this.live.publish('capability', report)
  }

  /** Says that it has applied what it was told, as if that took no time. */
  async report(more: Partial<Reported> = {}) {
    await this.#deciding
    const { revision = 0, build } = this.assignment ?? {}
    const applied = { at: Date.now(), revisionSeen: revision, revisionApplied: revision, failure: null }
    const seeking = build && { is: 'converged' as const, revision, build: build.id, step: null, since: 1, reason: null }
    await this.live.publish('reported', { ...applied, ...(seeking && { seeking }), ...more })
  }

  async #consider({ revision, assignment }: Desired) {
    if (assignment === undefined || revision === this.assignment?.revision) return
    const signed = await this.#verified(assignment)
    const has = this.assignment?.revision ?? 0
    if (!signed) this.declined.push({ code: 'forged', revision })
    else if (signed.deviceId !== this.id) this.declined.push({ code: 'foreign', revision })
    else if (signed.revision < has) this.declined.push({ code: 'older', revision: signed.revision })
    else this.assignment = signed
  }

  async #verified(jws: string): Promise<Assignment | null> {
    try {
      const key = await importJWK(this.enrolled.hub.signingKey, 'EdDSA')
      const { payload, protectedHeader } = await compactVerify(jws, key)
      return protectedHeader.typ === assignmentType
        ? Assignment.parse(JSON.parse(Buffer.from(payload).toString()))
        : null
    } catch {
      return null
    }
  }

  /** Asks the hub for a clip, with this device's key. */
  async fetch({ path, bytes }: Pick<ClipRef, 'path' | 'bytes'>) {
    const { urls, caPem } = this.enrolled.hub
    return hubBytes(`${urls[0]}${path}`, { caPem, bearer: await this.password(), mostBytes: Math.max(bytes, 4096) })
  }

  async #answer({ question }: Ask, id: string) {
    if (question.kind === 'cancel') this.#trials.cancel(id)
    const answer = question.kind === 'try' ? await this.#trials.answer(id, question) : null
    if (answer) await this.session?.publish('answer', { answer }, id).catch(() => {}) // the test may be over
  }

  async say(state: PresenceState, { start = this.start, session = this.sessions } = {}) {
    await this.live.publish('presence', { state, start, session, at: Date.now() })
  }

  /** The next samples of this device's stream, not yet sent. */
  samples(count = 1, figures: Partial<Sample> = { cpuBusy: 0.5 }): Telemetry {
    const mono = uptime() * 1000
    const samples = Array.from({ length: count }, () => ({ seq: ++this.seq, mono, at: Date.now(), ...figures }))
    return {
      stream: this.stream,
      boot: this.boot,
      clock: 'hub',
      samples,
      sent: { boot: this.boot, mono, at: Date.now() },
    }
  }

  /** Resolves once the hub has acknowledged them. */
  async tell(telemetry: Telemetry) {
    await this.live.publish('telemetry', telemetry)
  }

  /** What the hub says over HTTP about this device's password. */
  async standing(password?: string) {
    const [url = ''] = this.enrolled.hub.urls
    return hubRequest(`${url}/session`, { caPem: this.enrolled.hub.caPem, bearer: password ?? (await this.password()) })
  }

  private get live(): Session {
    if (!this.session) throw new Error('connect first')
    return this.session
  }
}
