import { connect, type Socket } from 'node:net'
import { topicOf } from '@tradewind/protocol'
import { eventually, type TestHub, testHub, VirtualDevice } from '@tradewind/testkit'
import packet from 'mqtt-packet'
import { expect, onTestFinished, test } from 'vitest'
import { DerivedPersistence } from './persistence'

/** A connection that says what the test writes, and reads only when the test does. */
async function rawSocket(hub: TestHub): Promise<Socket> {
  const socket = connect({ port: hub.ports.mqttPlain ?? 0, host: '127.0.0.1' })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

async function connected(hub: TestHub, device: VirtualDevice): Promise<Socket> {
  const socket = await rawSocket(hub)
  const hello = { clientId: device.id, username: device.id, password: Buffer.from(await device.password()) }
  socket.write(
    packet.generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 60, ...hello }),
  )
  await new Promise((resolve) => socket.once('data', resolve))
  return socket
}

/** Resolves when the hub has closed the connection; what it says before is not kept. */
const closed = (socket: Socket) => new Promise<void>((resolve) => socket.resume().once('close', () => resolve()))

const telemetry = (device: VirtualDevice, messageId: number) =>
  packet.generate({
    cmd: 'publish',
    topic: topicOf(device.id, 'telemetry'),
    payload: Buffer.from(JSON.stringify({ v: 1, ...device.samples() })),
    qos: 1,
    messageId,
    retain: false,
    dup: false,
  })

const enrolMany = async (hub: TestHub, count: number) => {
  const devices: VirtualDevice[] = []
  for (let i = 0; i < count; i++) devices.push(await VirtualDevice.enrol(await hub.token()))
  return devices
}

test('more at one instant than fits a group is all stored, once, and nobody is turned away', async () => {
  const hub = await testHub()
  const devices = await enrolMany(hub, 30)
  const perDevice = 200 // 6,000 messages: a group holds 5,000
  const sockets = await Promise.all(devices.map((device) => connected(hub, device)))
  const acknowledged = sockets.map((socket) => {
    let count = 0
    const parser = packet.parser().on('packet', ({ cmd }) => {
      if (cmd === 'puback') count++
    })
    socket.on('data', (bytes) => parser.parse(bytes))
    return () => count
  })
  sockets.forEach((socket, i) => {
    const device = devices[i] as VirtualDevice
    socket.write(Buffer.concat(Array.from({ length: perDevice }, (_, n) => telemetry(device, n + 1))))
  })
  await eventually('all acknowledged', () => acknowledged.every((count) => count() === perDevice), 30_000)
  for (const device of devices) expect(await hub.store.samplesOf(device.id, 0)).toHaveLength(perDevice)
  expect(sockets.some((socket) => socket.destroyed)).toBe(false)
}, 60_000)

test('who floods and never reads is kept waiting, and nobody else is', async () => {
  const hub = await testHub()
  const [frozen, good] = (await enrolMany(hub, 2)) as [VirtualDevice, VirtualDevice]
  const socket = await connected(hub, frozen)
  socket.pause()
  const nonsense = packet.generate({
    ...{ cmd: 'publish', topic: topicOf(frozen.id, 'event'), payload: Buffer.from('x') },
    ...{ qos: 1, messageId: 1, retain: false, dup: false },
  })
  const burst = Buffer.concat(Array(2_000).fill(nonsense))
  const flood = () => {
    while (!socket.destroyed && socket.write(burst));
    socket.once('drain', flood)
  }
  flood()
  await good.connect()
  for (let i = 0; i < 20; i++) await good.tell(good.samples())
  expect(await hub.store.samplesOf(good.id, 0)).toHaveLength(20)
  expect(socket.bytesWritten).toBeGreaterThan(1_000_000) // it flooded indeed
}, 60_000)

test('who connects and says nothing is cut off, and holds up nobody', async () => {
  const hub = await testHub()
  const device = await VirtualDevice.enrol(await hub.token())
  const silent = await rawSocket(hub)
  const slow = await rawSocket(hub)
  slow.write(Buffer.from([0x10, 0x7f, 0x00, 0x04])) // the beginning of a CONNECT
  const beforeTls = connect({ port: hub.ports.mqtts, host: '127.0.0.1' }).on('error', () => {})
  const all = Promise.all([silent, slow, beforeTls].map(closed))
  await device.connect()
  await device.tell(device.samples())
  await all
}, 30_000)

test('whoever is one too many is turned away and people are told; who goes makes room', async () => {
  const hub = await testHub({ env: { TRADEWIND_MAX_CONNECTIONS: '2' } })
  const [first, second, third] = (await enrolMany(hub, 3)) as [VirtualDevice, VirtualDevice, VirtualDevice]
  const session = await first.connect()
  await second.connect()
  await expect(third.connect()).rejects.toThrow()
  const [event] = await eventually('an event', async () => {
    const events = (await hub.store.listEvents(null)).filter(({ code }) => code === 'connections-full')
    return events.length > 0 && events
  })
  expect(event).toMatchObject({ deviceId: null, detail: { room: 2 } })
  await session.end()
  await eventually('room again', () => third.connect().catch(() => null))
  await third.tell(third.samples())
})

test('a subscribe asks for its own topic only, however many devices there are', async () => {
  const asked: string[] = []
  const persistence = new DerivedPersistence((topic) => {
    asked.push(topic)
    return Buffer.from('{}')
  })
  const packets = await persistence.createRetainedStreamCombi(['tradewind/1/a/desired']).toArray()
  expect(packets).toMatchObject([{ topic: 'tradewind/1/a/desired', retain: true }])
  expect(asked).toEqual(['tradewind/1/a/desired'])
})
