import { eventually, freePort, HubProgram, Program, pocketClips, pocketFile, testFolder } from '@tradewind/testkit'
import { expect, test } from 'vitest'

const clips = pocketClips('samples').slice(0, 4)

/** The length of a PCM wav of 16 bits, one channel. */
const secondsOf = (wav: Buffer) => (wav.length - 44) / wav.readUInt32LE(28)

test('what a device did while its hub was killed twice is told once, to the second', async () => {
  const hub = await HubProgram.start(testFolder('hub'))
  const port = await freePort()
  const agent = Program.start('agent', {
    TRADEWIND_AGENT_DATA: testFolder('agent'),
    TRADEWIND_TOKEN: await hub.token(),
    TRADEWIND_DEMO: pocketFile('.'),
    TRADEWIND_ENGINES: '/nowhere',
    TRADEWIND_API_PORT: String(port),
    TRADEWIND_SAMPLE_MS: '200',
    TRADEWIND_BATCH_MS: '400',
  })
  const ask = async (bytes: Buffer) => {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(bytes)]), 'clip.wav')
    return (await fetch(`http://127.0.0.1:${port}/v1/audio/transcriptions`, { method: 'POST', body: form })).status
  }
  const store = await hub.store()
  const serving = async () => {
    const [device] = await store.listDevices()
    return device && (await store.device(device.id))?.serving?.state === 'ready'
  }
  await eventually('it serves', serving, 40_000)

  const statuses: number[] = []
  for (const [i, { bytes }] of clips.entries()) {
    if (i % 2 === 1) await hub.kill()
    statuses.push(await ask(bytes))
    if (i % 2 === 1) await hub.start()
  }
  statuses.push(await ask(Buffer.from('Dear Sir')))
  expect(statuses).toEqual([200, 200, 200, 200, 400])

  const told = async () => {
    while ((await store.rollUp()) > 0);
    return store.workDone({ fromMs: 0, toMs: Date.now() + 1 })
  }
  await eventually('all of it is told', async () => (await told()).requests >= 5, 40_000)
  await agent.signal('SIGTERM') // and whatever it still had to say
  const { requests, failedRequests, audioSeconds, hearingSeconds, generatedTokens, engineSeconds } = await told()
  expect([requests, failedRequests]).toEqual([5, 1])
  expect(audioSeconds).toBeCloseTo(
    clips.reduce((sum, { bytes }) => sum + secondsOf(bytes), 0),
    0,
  )
  expect(generatedTokens).toBeGreaterThan(4)
  expect(hearingSeconds).toBeGreaterThan(0)
  expect(Math.abs(engineSeconds - hearingSeconds)).toBeLessThan(0.5)
}, 120_000)
