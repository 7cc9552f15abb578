import { type BuildSpeed, type Rollout, RolloutPlan, type SmokeResult } from '@tradewind/protocol'
import { type Advanced, advance, begin, type Deed, type Observation } from './rollout'

export const minute = 60_000
export const hour = 60 * minute

type Device = {
  isHere: boolean
  hereSince: number
  isRevoked: boolean
  assigned: NonNullable<Observation['assigned']>
  applied: number
  failureCode: string | null
  smoke: SmokeResult | null
  speed: BuildSpeed | null
}

/** A fleet for tests: each device does at once what it is told, or what the test makes it do, and says so. */
export class ScriptedFleet {
  /** 2026-11-24T08:00:00Z */
  now = 1_795_507_200_000
  readonly devices = new Map<string, Device>()
  /** every deed that was done, in order */
  readonly done: Deed[] = []
  rollout: Rollout
  /** what a device makes of an assignment; by default it applies it and passes */
  script: (id: string, device: Device) => void = (id) => this.apply(id)

  constructor(size: number, plan: object = {}, away: string[] = []) {
    const ids = Array.from({ length: size }, (_, i) => `d${i + 1}`)
    for (const id of ids)
      this.devices.set(id, {
        ...{ isHere: !away.includes(id), hereSince: this.now, isRevoked: false, applied: 1, failureCode: null },
        ...{ smoke: { outcome: 'passed', code: null }, speed: null },
        assigned: { revision: 1, made: 1, build: 'old', cause: 'first', rolloutId: null, atMs: this.now },
      })
    const before = { revision: 1, build: 'old' }
    const targets = ids.map((deviceId) => ({
      ...{ deviceId, build: 'new', before, isHere: !away.includes(deviceId) },
      baseline: { generationPerSecond: 10, realTimeFactor: 0.5 },
    }))
    const of = { id: 'r1', seed: 'seed', actor: 'user:ada', workloadId: 'calls', workloadVersion: 2 }
    this.rollout = begin(of, targets, RolloutPlan.parse(plan), this.now)
  }

  device(id: string): Device {
    const device = this.devices.get(id)
    if (!device) throw new Error(`no device ${id}`)
    return device
  }

  /** The members of a wave, in the order in which they are told. */
  wave = (wave: number) => this.rollout.members.filter((one) => one.wave === wave).map(({ deviceId }) => deviceId)

  outcomes = () => Object.fromEntries(this.rollout.members.map(({ deviceId, outcome }) => [deviceId, outcome]))

  /** Advances without doing any deed. */
  look(): Advanced {
    const advanced = advance(this.rollout, this.seen(), this.now)
    this.rollout = advanced.rollout
    return advanced
  }

  /** Advances and does the deeds, until nothing is left to do at this moment. */
  settle() {
    for (let deeds = this.look().deeds; deeds.length > 0; deeds = this.look().deeds)
      for (const deed of deeds) this.do(deed)
    return this
  }

  /** Lets time pass, and settles. */
  after(ms: number) {
    this.now += ms
    return this.settle()
  }

  /** Settles every quarter of an hour until it waits for nothing, or for nothing that time brings. */
  toTheEnd() {
    for (let i = 0; i < 200 && !['done', 'paused'].includes(this.settle().rollout.state); i++) this.now += 15 * minute
    return this
  }

  do(deed: Deed) {
    this.done.push(deed)
    const cause = deed.is === 'assign' ? 'rollout' : 'roll-back'
    this.assign(deed.deviceId, { build: deed.build, cause, rolloutId: this.rollout.id })
  }

  assign(id: string, of: Pick<Device['assigned'], 'build' | 'cause' | 'rolloutId'>) {
    const device = this.device(id)
    const revision = device.assigned.revision + 1
    device.assigned = { ...of, revision, made: revision, atMs: this.now }
    if (device.isHere) this.script(id, device)
  }

  restart(id: string) {
    const device = this.device(id)
    device.assigned = { ...device.assigned, revision: device.assigned.revision + 1 }
    if (device.isHere) this.script(id, device)
  }

  apply(id: string, smoke: SmokeResult['outcome'] = 'passed') {
    const device = this.device(id)
    Object.assign(device, {
      applied: device.assigned.revision,
      failureCode: null,
      smoke: { outcome: smoke, code: null },
    })
  }

  fail(id: string, failureCode = 'no-space') {
    Object.assign(this.device(id), { failureCode })
  }

  failSmoke(id: string) {
    Object.assign(this.device(id), { failureCode: 'smoke', smoke: { outcome: 'failed', code: 'empty' } })
  }

  goAway(...ids: string[]) {
    for (const id of ids) this.device(id).isHere = false
    return this
  }

  comeBack(...ids: string[]) {
    for (const id of ids) {
      const device = this.device(id)
      if (device.isHere) continue
      Object.assign(device, { isHere: true, hereSince: this.now })
      if (device.applied < device.assigned.revision) this.script(id, device)
    }
    return this
  }

  seen(): Map<string, Observation> {
    return new Map([...this.devices].map(([id, device]) => [id, seenOf(device)]))
  }
}

const seenOf = (device: Device): Observation => ({
  hereSince: device.isHere ? device.hereSince : null,
  isRevoked: device.isRevoked,
  assigned: device.assigned,
  revisionSeen: device.failureCode ? device.assigned.revision : device.applied,
  revisionApplied: device.applied,
  failureCode: device.failureCode,
  seeking: null,
  serving: null,
  smoke: device.smoke,
  speed: device.speed,
  classSpeed: null,
})
