import { eventually, HubProgram, storedSamples, TalkativeDevice, testFolder, VirtualDevice } from '@tradewind/testkit'
import { expect, test } from 'vitest'

const rounds = 50
const devices = 12

test(`kill -9 of the hub, ${rounds} times under load: every acknowledged sample is stored exactly once`, async () => {
  const folder = testFolder('kill-hub')
  const hub = await HubProgram.start(folder)
  const talkers: TalkativeDevice[] = []
  for (let i = 0; i < devices; i++) talkers.push(new TalkativeDevice(await VirtualDevice.enrol(await hub.token())))
  for (const talker of talkers) talker.talk(50)

  const acknowledged = () => talkers.reduce((sum, talker) => sum + talker.acknowledged.size, 0)
  for (let round = 0; round < rounds; round++) {
    const before = acknowledged()
    await eventually('the load is on', () => acknowledged() > before + 50, 30_000)
    await pause(Math.random() * 100)
    await hub.kill()
    await hub.start()
  }

  for (const talker of talkers) talker.quiet()
  await eventually('everything was told', () => talkers.every((talker) => talker.waiting === 0), 240_000)
  for (const talker of talkers) await talker.stop()
  await hub.stop()

  const stored = storedSamples(folder)
  let counted = 0
  for (const { stream, acknowledged, seq } of talkers) {
    const seqs = stored.get(stream) ?? new Map<number, number>()
    const missing = [...acknowledged].filter((one) => !seqs.has(one))
    const doubled = [...seqs].filter(([, times]) => times > 1)
    expect({ missing, doubled }).toEqual({ missing: [], doubled: [] })
    expect(seqs.size).toBe(seq) // and in the end all of them are there
    counted += seqs.size
  }
  console.log(`${counted} samples of ${devices} devices over ${rounds} kills: none missing, none doubled`)
}, 600_000)

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
