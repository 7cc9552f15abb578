import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { publicJwk } from '@tradewind/agent/identity/identity'
import { signPassword } from '@tradewind/agent/link/password'
import { ResolvedBuild, readEnrolToken, topicOf } from '@tradewind/protocol'
import type { Store } from '@tradewind/store'
import { resolvedBuilds } from '../../packages/testkit/src/resolved-builds'
import type { Member } from './crowd'

/** `start`: of its agent; left out: the first. */
export type BenchDevice = { id: string; key: KeyObject; stream: string; start?: number }

/** Puts `count` devices on record, each with a one-time token of its own, as agents from flashed cards do. */
export async function enrolFleet(store: Store, count: number): Promise<BenchDevice[]> {
  await store.setHubInfo({ urls: ['https://127.0.0.1:1'], caSha256: 'ab'.repeat(32), mqttPort: 1, version: 'bench' })
  const devices: BenchDevice[] = []
  for (let i = 0; i < count; i++) {
    const key = generateKeyPairSync('ed25519').privateKey
    const { text } = await store.createEnrolToken({ note: '', lifeMs: 3_600_000, actor: 'bench' })
    const token = readEnrolToken(text)
    const claims = { name: `bench-${i}`, agentVersion: '0', hints: {}, secret: token.ok ? token.value.secret : '' }
    const thumbprint = randomBytes(32).toString('base64url')
    const outcome = await store.enrol({ publicKey: publicJwk(key).x, thumbprint, claims, address: '127.0.0.1' })
    if (outcome.state !== 'enrolled') throw new Error(`bench-${i} is ${outcome.state}`)
    devices.push({ id: outcome.deviceId, key, stream: randomBytes(8).toString('hex') })
  }
  return devices
}

/** Assigns something to each device as often as it takes to reach its revision. */
export async function assignFleet(store: Store, wanted: { id: string; revision: number }[]) {
  const build = ResolvedBuild.parse(resolvedBuilds.builds?.[0])
  const by = { actor: 'bench', cause: 'person' as const, atMs: Date.now() }
  for (let number = 1; number <= Math.max(...wanted.map(({ revision }) => revision)); number++) {
    const list = wanted
      .filter(({ revision }) => revision >= number)
      .map(({ id }) => ({
        ...{ deviceId: id, workload: null, build, decision: null },
        options: { context: 4096, slots: 1, cacheType: 'f16' as const, microBatch: 512, pool: 'memory' as const },
        smoke: { baseline: null, mostWordErrors: 0.2, speedShare: 0.7, leastPerSecond: 0, clips: [] },
      }))
    for (let i = 0; i < list.length; i += 500) await store.assign(list.slice(i, i + 500), by)
  }
}

/** What a device needs to connect and publish; its password is good for the next minutes. */
export const memberOf = async ({ id, key, stream, start = 1 }: BenchDevice): Promise<Member> => ({
  clientId: id,
  username: id,
  password: await signPassword(key, { deviceId: id, start, run: 'benchmark', nowMs: Date.now() }),
  topic: topicOf(id, 'telemetry'),
  stream,
})
