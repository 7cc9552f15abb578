import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { publicJwk } from '@tradewind/agent/identity/identity'
import { signPassword } from '@tradewind/agent/link/password'
import { topicOf } from '@tradewind/protocol'
import type { Store } from '@tradewind/store'

export type BenchDevice = { id: string; key: KeyObject; stream: string; seq: number }

/** Puts `count` devices on record, as if a person had approved each. */
export async function enrolFleet(store: Store, count: number): Promise<BenchDevice[]> {
  const devices: BenchDevice[] = []
  for (let i = 0; i < count; i++) {
    const key = generateKeyPairSync('ed25519').privateKey
    const thumbprint = randomBytes(32).toString('base64url')
    const claims = { name: `bench-${i}`, agentVersion: '0', hints: {} }
    await store.enrol({ publicKey: publicJwk(key).x, thumbprint, claims, address: '127.0.0.1' })
    const [parked] = await store.listParked()
    const id = await store.approveParked(parked?.fingerprint ?? '', 'bench')
    devices.push({ id: id ?? '', key, stream: randomBytes(8).toString('hex'), seq: 0 })
  }
  return devices
}

export const passwordOf = ({ id, key }: BenchDevice) =>
  signPassword(key, { deviceId: id, start: 1, run: 'benchmark', nowMs: Date.now() })

export const telemetryTopic = ({ id }: BenchDevice) => topicOf(id, 'telemetry')

/** One realistic sample, as an agent sends it while somebody watches: about 460 bytes. */
export function telemetryOf(device: BenchDevice): string {
  const mono = Math.round(performance.now())
  const sample = {
    seq: ++device.seq,
    mono,
    at: Date.now(),
    cpuBusy: 0.2323,
    load1: 0.59,
    memAvailableBytes: 6_454_052_454,
    swapUsedBytes: 0,
    temperatureC: 54.3,
    diskFreeBytes: 82_345_234_432,
    diskReadBps: 0,
    diskWriteBps: 12_288,
    netRxBps: 1_834.5,
    netTxBps: 923.1,
    agentRssBytes: 79_992_832,
  }
  const sent = { boot: 'd7bcceb3-fec1-4da5', mono, at: Date.now() }
  return JSON.stringify({ v: 1, stream: device.stream, boot: sent.boot, clock: 'hub', samples: [sample], sent })
}
