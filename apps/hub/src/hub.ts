import { randomBytes } from 'node:crypto'
import type { Server } from 'node:net'
import path from 'node:path'
import { writeWhole } from '@tradewind/disk'
import { type Answer, decode, encode, parseTopic } from '@tradewind/protocol'
import type { IngestGroup, StoreThread } from '@tradewind/store'
import type { Logger } from 'pino'
import { Roster } from './admission/roster'
import { Asks } from './asks'
import { Assigner } from './assignment/assigner'
import { signer } from './assignment/sign'
import { SignedAssignments } from './assignment/signed'
import { ownAddresses } from './authority/addresses'
import { openAuthority } from './authority/authority'
import { Broker, type Receive } from './broker/broker'
import type { Env } from './env'
import { Feed } from './feed'
import { Health } from './health/health'
import { deviceApi } from './http/device-api'
import { localApi } from './http/local-api'
import { placingApi } from './http/placing-api'
import { Ingest } from './ingest/ingest'
import { keepHouse } from './keep-house'
import { openMetrics } from './metrics'
import { Mirror } from './mirror/mirror'
import { Pace } from './mirror/pace'
import { readOpenFilesLimit } from './open-files'
import { Placement } from './placement/placement'
import { World } from './placement/world'
import { assigning } from './rollout/assign'
import { Rollouts } from './rollout/rollouts'
import { KeptClips } from './smoke/kept-clips'
import { Clips } from './trial/clips'
import { Trials } from './trial/trials'
import { Watch } from './watch'

export type Hub = {
  ports: { https: number; mqtts: number; mqttPlain: number | undefined; local: number }
  caPem: string
  rollouts: Rollouts
  close: () => Promise<void>
}

export const version = '0.1.0'

/**
 * Puts the hub together and opens its doors: the broker for devices, HTTPS for enrolment, and last the local door for
 * the dashboard, whose file `hub.local.json` says that everything is up.
 */
export async function startHub(parts: { env: Env; store: StoreThread; log: Logger; now?: () => number }): Promise<Hub> {
  const { env, store, log, now = Date.now } = parts
  const addresses = ownAddresses(env.TRADEWIND_ADDRESSES)
  const authority = await openAuthority(path.join(env.TRADEWIND_DATA, 'authority'), addresses)
  const roster = new Roster(store, now)
  await roster.refresh()
  const metrics = openMetrics(() => roster.countBy())
  const feed = new Feed()
  const onStored = (group: IngestGroup) => {
    placement.hear(group)
    health.hear(group)
    tellOfTheAhead(group, roster, ingest)
  }
  const ingest = new Ingest({ store, roster, feed, metrics, log, now, onStored })
  const asks = new Asks(() => broker)
  const clips = new Clips()
  const trials = new Trials({ roster, clips, asks, store, now })
  const assignments = new SignedAssignments({ store, sign: await signer(authority) })
  const watch = new Watch({ roster, assignments, broker: () => broker, log, now })
  const smokeClips = await KeptClips.open(path.join(env.TRADEWIND_DATA, 'smoke-clips'), { store, now })
  const world: World = new World({ store, clips: smokeClips.of, onNews: (news) => placement.touch(news) })
  const tell = (deviceId: string) => watch.tell(deviceId)
  const assigner = new Assigner({ store, roster, world, assignments, tell, feed, now })
  const onLeftAlone = (deviceIds: string[]) => placement.touch({ deviceIds })
  const rollouts = new Rollouts({ store, roster, feed, assign: assigning(assigner), log, now, onLeftAlone })
  const placement: Placement = new Placement({ store, world, assigner, rollouts, feed, log, now })
  const health = new Health({ store, roster, feed, log, now })
  const mirror = new Mirror({ env, store, log, now, onResolved })
  function onResolved() {
    world.forget()
    placement.touch({ everything: true })
  }

  const receive: Receive = (link, topic, payload, done) => {
    const { leaf, id } = topic
    if (leaf === 'desired' || leaf === 'ask') return done(new Error(`${leaf} comes from the hub`))
    if (leaf !== 'answer') return ingest.receive(link, { ...topic, leaf }, payload, done)
    const answer = decode(leaf, payload)
    if (id) asks.answer(link.device.deviceId, id, answer.ok ? answer.value : unreadable(answer.refusal.code))
    done()
  }
  const openFilesLimit = await readOpenFilesLimit()
  const broker: Broker = new Broker({
    roster,
    receive,
    metrics,
    log,
    now,
    tls: authority.server,
    bind: env.TRADEWIND_BIND,
    mqttsPort: env.TRADEWIND_MQTTS_PORT,
    plainPort: env.TRADEWIND_MQTT_PLAIN_PORT,
    retained: (topic) =>
      retainedOf(topic, watch).catch((error: Error) => {
        log.error({ topic, error: error.message }, 'a device was not told what to serve: it is to come again')
        const parsed = parseTopic(topic)
        if (parsed.ok) broker.disconnect(parsed.value.deviceId)
        return null
      }),
    onRefused: (device, code, topic) => ingest.refused(device, topic.slice(0, 120), { code, where: 'topic' }),
    onConflict: (device, start) => ingest.observe(device, 'identity-conflict', { start }),
    onTurn: (deviceId) => asks.lost(deviceId),
    onFull: (room) => ingest.full(room, openFilesLimit),
    maxConnections: env.TRADEWIND_MAX_CONNECTIONS,
    openFilesLimit,
  })
  const mqtt = await broker.listen()

  const refresh = async (deviceId?: string) => {
    for (const { device, what } of await roster.refresh(deviceId)) {
      broker.disconnect(device.deviceId)
      ingest.observe(device, what)
    }
    feed.say({ kind: 'fleet', data: {} })
    placement.look()
  }
  const https = deviceApi({
    store,
    roster,
    ingest,
    clips,
    smokeClips,
    mirror,
    pace: new Pace(env.TRADEWIND_MIRROR_RATE ?? null),
    authority,
    metrics,
    log,
    now,
    mqttPort: () => mqtt.mqttsPort,
    onEnrolled: refresh,
  }) as Server
  const httpsPort = await listen(https, env.TRADEWIND_HTTPS_PORT, env.TRADEWIND_BIND)
  await store.setHubInfo({
    urls: addresses.map((address) => `https://${address.includes(':') ? `[${address}]` : address}:${httpsPort}`),
    caSha256: authority.caSha256,
    mqttPort: mqtt.mqttsPort,
    version,
    sampleDays: env.TRADEWIND_SAMPLE_DAYS,
  })

  await rollouts.open()
  const house = keepHouse({ store, ingest, refresh, log, now })
  const secret = randomBytes(32).toString('base64url')
  placement.touch({ everything: true })
  health.open()
  const placing = placingApi({ store, world, assigner, rollouts, feed })
  const local = localApi({
    secret,
    feed,
    watch,
    asks,
    trials,
    rollouts,
    mirror,
    smokeClips,
    wake: house.wake,
    placing,
  }) as Server
  const localPort = await listen(local, 0, '127.0.0.1')
  await writeWhole(path.join(env.TRADEWIND_DATA, 'hub.local.json'), JSON.stringify({ port: localPort, secret }))

  return {
    ports: { https: httpsPort, mqtts: mqtt.mqttsPort, mqttPlain: mqtt.plainPort, local: localPort },
    caPem: authority.caPem,
    rollouts,
    close: async () => {
      await house.stop()
      await placement.close()
      await health.close()
      await rollouts.close()
      await mirror.close()
      watch.close()
      await broker.close()
      await ingest.flush()
      await store.flushMarks().catch(() => {})
      for (const server of [https, local]) {
        server.close()
        ;(server as Server & { closeAllConnections?: () => void }).closeAllConnections?.()
      }
      await store.close()
    },
  }
}

/** Whoever waits for an answer that makes no sense need not wait for another one. */
const unreadable = (code: string): Answer => ({
  answer: { kind: 'failed', code, detail: 'its answer could not be read' },
})

/**
 * A device that has applied more than was assigned to it goes on serving that, and refuses what is older: its hub was
 * restored from a backup, and people must know that what it serves is not what is on record.
 */
function tellOfTheAhead({ reported }: IngestGroup, roster: Roster, ingest: Ingest) {
  for (const { deviceId, reported: said } of reported) {
    const device = roster.get(deviceId)
    const { revisionApplied: applied, revisionSeen: seen } = said
    if (!device || applied <= device.assignedRevision || applied === device.aheadTold) continue
    device.aheadTold = applied
    ingest.observe(device, 'revision-ahead', { applied, seen, assigned: device.assignedRevision })
  }
}

async function retainedOf(topic: string, watch: Watch): Promise<Uint8Array | null> {
  const parsed = parseTopic(topic)
  if (!parsed.ok || parsed.value.leaf !== 'desired') return null
  const desired = await watch.desired(parsed.value.deviceId)
  const encoded = desired && encode('desired', desired)
  return encoded?.ok ? encoded.value : null
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as { port: number }).port))
  })
}
