import { eventually, testHub, VirtualDevice } from '@tradewind/testkit'
import { expect, test } from 'vitest'

test('a device that says it has too little voltage has a problem until it says otherwise', async () => {
  const hub = await testHub()
  const device = await VirtualDevice.enrol(await hub.token())
  await device.connect()
  const problems = async (state: 'open' | 'ended') => {
    const which = { state, code: null, severity: null, deviceId: device.id, nowMs: Date.now(), offset: 0, limit: 10 }
    return (await hub.store.pageOfProblems(which)).problems
  }
  const memory = { totalBytes: 8e9 }
  await device.tellFacts({ memory, throttling: { now: ['undervoltage'], sinceBoot: [] } })
  await eventually('the problem', async () => (await problems('open')).some(({ code }) => code === 'undervoltage'))
  await device.tellFacts({ memory, throttling: { now: [], sinceBoot: [] } })
  await eventually('its end', async () => (await problems('ended')).some(({ code }) => code === 'undervoltage'))
  expect((await problems('open')).map(({ code }) => code)).not.toContain('undervoltage')
})
