import { createSecureContext } from 'node:tls'
import { Helper, serve } from './helper'
import { openMany, together } from './mqtt-socket'
import { ReturningDevice, type ReturningMember } from './returning-device'

/** How a storm went. `backMs`: of each device that has its desired state again, since the broker was killed. */
export type Storm = { backMs: number[]; attempts: number; refusals: number; wrongRevisions: number }
/** `caught`: devices of which something was acknowledged and something was not. */
export type Underway = { caught: number; waiting: number }
/** By stream: how many samples were taken, and the sequence numbers of those that were acknowledged. */
export type Told = { tookMs: number; told: Record<string, { taken: number; acknowledged: number[] }> }

/** With `caPem` the devices speak TLS, and pin that CA as agents do. */
type Opening = { port: number; caPem?: string; members: ReturningMember[]; perSecond: number }
type Wait = { sinceMs: number; patienceMs: number }
type Orders = {
  open: (order: Opening) => Promise<void>
  tellEach: (order: { everyUs: number }) => Promise<Underway>
  comeBack: (order: Wait) => Promise<Storm>
  settle: (order: Wait) => Promise<Told>
}

/** Devices that come back. They tell `perSecond` samples, one after the other, from the opening until they settle. */
export class ReturningCrowd {
  private constructor(private helper: Helper<Orders>) {}

  static async open(opening: Opening): Promise<ReturningCrowd> {
    const helper = new Helper<Orders>('returning-crowd')
    await helper.tell('open', opening)
    return new ReturningCrowd(helper)
  }

  /** One sample of each device, `everyUs` microseconds apart; resolves when all are written, acknowledged or not. */
  tellEach = (everyUs: number) => this.helper.tell('tellEach', { everyUs })

  /** Waits until all have their desired state again, for so long at most. */
  comeBack = (sinceMs: number, patienceMs: number) => this.helper.tell('comeBack', { sinceMs, patienceMs })

  /** Takes no more samples, and waits until all are acknowledged, for so long at most. */
  settle = (sinceMs: number, patienceMs: number) => this.helper.tell('settle', { sinceMs, patienceMs })

  close() {
    this.helper.close()
  }
}

/** True in the process of a returning crowd. */
export function serveReturningCrowd(): boolean {
  let devices: ReturningDevice[] = []
  let load: NodeJS.Timeout | undefined
  const sum = (pick: (device: ReturningDevice) => number) => devices.reduce((all, device) => all + pick(device), 0)
  return serve('returning-crowd', {
    open: async (order: Opening) => {
      const door = {
        port: order.port,
        secureContext: order.caPem ? createSecureContext({ ca: order.caPem }) : undefined,
      }
      devices = order.members.map((member) => new ReturningDevice(door, member))
      await openMany(devices.length, together, (i) => devices[i]?.connect() ?? Promise.resolve())
      await until(60_000, () => devices.every((device) => device.desiredAtMs > 0))
      load = inTurn(devices, order.perSecond)
    },
    tellEach: async ({ everyUs }: { everyUs: number }): Promise<Underway> => {
      const began = performance.now()
      for (let told = 0; told < devices.length; await pause(5))
        for (; told < devices.length && told * everyUs <= (performance.now() - began) * 1000; told++)
          devices[told]?.tell()
      const caught = devices.filter((device) => device.acknowledged.length > 0 && device.waiting > 0).length
      return { caught, waiting: sum((device) => device.waiting) }
    },
    comeBack: async ({ sinceMs, patienceMs }: Wait): Promise<Storm> => {
      await until(patienceMs, () => devices.every((device) => device.desiredAtMs > sinceMs))
      return {
        backMs: devices.filter((device) => device.desiredAtMs > sinceMs).map((device) => device.desiredAtMs - sinceMs),
        attempts: sum((device) => device.attempts) - devices.length,
        refusals: sum((device) => device.refusals),
        wrongRevisions: sum((device) => device.wrongRevisions),
      }
    },
    settle: async ({ sinceMs, patienceMs }: Wait): Promise<Told> => {
      clearInterval(load)
      await until(patienceMs, () => devices.every((device) => device.waiting === 0))
      const tookMs = Date.now() - sinceMs
      const told = devices.map(({ acknowledged, waiting, member: { stream } }) => {
        return [stream, { taken: acknowledged.length + waiting, acknowledged }] as const
      })
      return { tookMs, told: Object.fromEntries(told) }
    },
  })
}

function inTurn(devices: ReturningDevice[], perSecond: number): NodeJS.Timeout {
  const began = performance.now()
  let told = 0
  return setInterval(() => {
    const due = ((performance.now() - began) / 1000) * perSecond
    for (; told < due; told++) devices[told % devices.length]?.tell()
  }, 5)
}

/** Resolves when it is so, or `ms` have passed. */
async function until(ms: number, isSo: () => boolean) {
  const deadline = performance.now() + ms
  while (!isSo() && performance.now() < deadline) await pause(10)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
