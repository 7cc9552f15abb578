import { connect as connectTcp } from 'node:net'
import { topicOf } from '@tradewind/protocol'
import { eventually, type TestHub, testHub, VirtualDevice } from '@tradewind/testkit'
import mqtt from 'mqtt'
import packet from 'mqtt-packet'
import { describe, expect, onTestFinished, test } from 'vitest'

async function rawClient(hub: TestHub, device: VirtualDevice, options: mqtt.IClientOptions = {}) {
  const client = mqtt.connect({
    host: '127.0.0.1',
    port: hub.ports.mqttPlain,
    clientId: device.id,
    username: device.id,
    password: await device.password(),
    reconnectPeriod: 0,
    keepalive: 30,
    ...options,
  })
  client.on('error', () => {})
  onTestFinished(() => void client.end(true))
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve())
    client.once('close', () => reject(new Error('closed')))
  })
  return client
}

const closeOf = (client: mqtt.MqttClient) => new Promise<void>((resolve) => client.once('close', () => resolve()))

describe('what a device may touch', () => {
  test.each(['presence', 'telemetry', 'event', 'capability', 'reported'] as const)(
    'publishing on the %s of another ends the connection',
    async (leaf) => {
      const hub = await testHub()
      const device = await VirtualDevice.enrol(await hub.token())
      const victim = await VirtualDevice.enrol(await hub.token())
      const client = await rawClient(hub, device)
      const closed = closeOf(client)
      client.publish(topicOf(victim.id, leaf), '{"v":1}', { qos: 1 })
      await closed
      const event = await eventually('an event', async () =>
        (await hub.store.listEvents(device.id)).find(({ code }) => code === 'message-refused'),
      )
      expect(event.detail).toMatchObject({ code: 'wrong-device' })
      expect((await hub.store.device(victim.id))?.presence).toBeNull()
    },
  )

  test.each(['desired', 'ask/abcdefgh', 'nonsense', ''])(
    'publishing on its own %j ends the connection',
    async (leaf) => {
      const hub = await testHub()
      const device = await VirtualDevice.enrol(await hub.token())
      const client = await rawClient(hub, device)
      const closed = closeOf(client)
      client.publish(`tradewind/1/${device.id}/${leaf}`, '{"v":1}', { qos: 0 })
      await closed
    },
  )

  test('subscribing to anything but its own hub leaves is refused, its own is granted', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    const other = await VirtualDevice.enrol(await hub.token())
    const client = await rawClient(hub, device)
    for (const filter of ['#', '+/+/+/+', '$SYS/#', topicOf(other.id, 'desired'), `tradewind/1/${device.id}/#`])
      await expect(client.subscribeAsync(filter, { qos: 1 }), filter).rejects.toThrow()
    const granted = await client.subscribeAsync(topicOf(device.id, 'desired'), { qos: 1 })
    expect(granted[0]?.qos).toBe(1)
  })

  test('nobody gets in without a password, and nothing but MQTT is answered', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    await expect(rawClient(hub, device, { password: undefined })).rejects.toThrow('closed')
    await expect(rawClient(hub, device, { clientId: 'another' })).rejects.toThrow('closed')
    const socket = connectTcp(hub.ports.mqttPlain ?? 0, '127.0.0.1')
    socket.end('GET / HTTP/1.1\r\n\r\n')
    await new Promise((resolve) => socket.on('close', resolve))
  })
})

describe('what aedes gets wrong', () => {
  test('a retained and a plain message in one TCP segment are both taken', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    const client = await rawClient(hub, device)
    const rounds = 100
    for (let i = 0; i < rounds; i++) {
      const telemetry = Buffer.from(JSON.stringify({ v: 1, ...device.samples() }))
      const reported = Buffer.from(JSON.stringify({ v: 1, at: i, revisionSeen: i, revisionApplied: 0, failure: null }))
      const both = Buffer.concat([
        packet.generate({
          cmd: 'publish',
          topic: topicOf(device.id, 'reported'),
          payload: reported,
          qos: 0,
          retain: true,
          dup: false,
        }),
        packet.generate({
          cmd: 'publish',
          topic: topicOf(device.id, 'telemetry'),
          payload: telemetry,
          qos: 0,
          retain: false,
          dup: false,
        }),
      ])
      client.stream.write(both)
    }
    await eventually('all stored', async () => (await hub.store.samplesOf(device.id, 0)).length === rounds)
    await eventually(
      'the last one',
      async () => (await hub.store.device(device.id))?.assignment?.revisionSeen === rounds - 1,
    )
  })

  test('desired is there at once for whoever subscribes, also after a restart of the hub', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    await device.connect()
    await eventually('desired', () => device.heard.find(({ leaf }) => leaf === 'desired'))
    await hub.close()
    const again = await testHub({ folder: hub.folder })
    const client = await rawClient(again, device)
    const heard = new Promise<string>((resolve) => client.on('message', (topic) => resolve(topic)))
    await client.subscribeAsync(topicOf(device.id, 'desired'), { qos: 1 })
    expect(await heard).toBe(topicOf(device.id, 'desired'))
  })
})

test('the will of a connection that breaks makes the device lost; one of an older start changes nothing', async () => {
  const hub = await testHub()
  const device = await VirtualDevice.enrol(await hub.token())
  const presence = async () => (await hub.store.device(device.id))?.presence?.state
  const first = await device.connect()
  await eventually('online', async () => (await presence()) === 'online')
  first.drop()
  await eventually('lost', async () => (await presence()) === 'lost', 2_000)
  device.start = 2
  await device.connect()
  await eventually('online again', async () => (await presence()) === 'online')
  await device.say('lost', { start: 1, session: 99 })
  await device.say('lost', { start: 2, session: 1 })
  await device.tell(device.samples()) // stored after what was said before
  expect(await presence()).toBe('online')
})

test('a device that is silent for one and a half times its keep-alive is lost', async () => {
  const hub = await testHub()
  const device = await VirtualDevice.enrol(await hub.token())
  const will = {
    topic: topicOf(device.id, 'presence'),
    payload: Buffer.from('{"v":1,"state":"lost","start":1,"session":1,"at":1}'),
    qos: 1 as const,
    retain: true,
  }
  const client = await rawClient(hub, device, { keepalive: 1, will })
  client.publish(topicOf(device.id, 'presence'), '{"v":1,"state":"online","start":1,"session":1,"at":1}', { qos: 1 })
  const presence = async () => (await hub.store.device(device.id))?.presence?.state
  await eventually('online', async () => (await presence()) === 'online')
  client.stream.write = () => true // the cable is cut: nothing leaves any more
  await eventually('lost', async () => (await presence()) === 'lost', 5_000)
})
