import { connect, type Socket } from 'node:net'
import { HubProgram, testFolder, VirtualDevice } from '@tradewind/testkit'
import { expect, onTestFinished, test } from 'vitest'

test('a hub with few open files turns the surplus away, says what to raise, and goes on', async () => {
  const hub = await HubProgram.start(testFolder('open-files'), 200) // room for 150
  const device = await VirtualDevice.enrol(await hub.token())
  await device.connect()
  const sockets = Array.from({ length: 220 }, () => connect({ port: hub.ports.mqtts, host: '127.0.0.1' }))
  const gone = Promise.all(sockets.map(ended))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  await hub.says(/"code":"connections-full","room":150,"openFilesLimit":200.*raise TRADEWIND_MAX_CONNECTIONS/)
  await device.tell(device.samples()) // who is in stays in
  await gone
  await device.tell(device.samples())
  const store = await hub.store()
  expect(await store.samplesOf(device.id, 0)).toHaveLength(2)
  const another = await VirtualDevice.enrol(await hub.token())
  await another.connect()
  await hub.stop()
}, 60_000)

/** Turned away at once, or cut off after ten seconds without a handshake. */
function ended(socket: Socket) {
  socket.on('error', () => {}).resume()
  return new Promise<void>((resolve) => socket.once('close', () => resolve()))
}
