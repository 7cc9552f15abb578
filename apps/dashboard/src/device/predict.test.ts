import { gemma4 } from '@tradewind/fleet'
import type { BuildMeasured, Facts } from '@tradewind/protocol'
import type { DeviceDetail } from '@tradewind/store'
import { expect, test } from 'vitest'
import { predict } from './predict'

const measured = (build: string): BuildMeasured => ({
  build,
  at: 1,
  deviceClass: 'v1:0123456789abcdef',
  engine: { name: 'llama-server', version: 'b7000', commit: null },
  generationPerSecond: 11.8,
})
const facts: Facts = { memory: { totalBytes: 16e9, bandwidthBytesPerSecond: 40e9 } }
const device = (more: Partial<DeviceDetail>) =>
  ({
    report: { atMs: 1, facts, unreadable: [] },
    deviceClass: 'v1:0123456789abcdef',
    measured: [measured('e2b-q8_0'), measured('pocket-f16')],
    ...more,
  }) as DeviceDetail

test('what was measured is not what is predicted: that comes from the bandwidth', () => {
  const { 'e2b-q8_0': speed, ...others } = predict(gemma4, device({}))
  expect(speed?.from).toBe('computed')
  expect(speed?.generationPerSecond).not.toBe(11.8)
  expect(speed?.generationPerSecond).toBeGreaterThan(1)
  expect(others).toEqual({}) // of a build that the catalogue does not know nothing is predicted
})

test('of a device that never reported nothing is predicted', () => {
  expect(predict(gemma4, device({ report: null }))).toEqual({})
})
