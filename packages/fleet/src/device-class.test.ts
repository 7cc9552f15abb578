import type { Facts } from '@tradewind/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviceClassOf } from './device-class'

const GiB = 1024 ** 3
const pi5 = {
  cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: ['fphp', 'asimddp'] },
  memory: { totalBytes: 8 * GiB },
  storage: { path: '/var/lib/tradewind', kind: 'sd-card', totalBytes: 64 * GiB, freeBytes: 20 * GiB },
  os: { platform: 'linux', name: 'Debian GNU/Linux', version: '12', kernel: '6.12.34' },
  board: { model: 'Raspberry Pi 5 Model B Rev 1.0' },
  network: { hostname: 'till-7', interfaces: [] },
  thermal: { zones: [{ name: 'cpu-thermal', celsius: 48 }] },
} satisfies Facts

test('the class of a Raspberry Pi 5: a change of this value needs v2', () => {
  expect(deviceClassOf(pi5)).toBe('v1:fff6b99fd41dd2dc')
  expect(deviceClassOf({})).toBe('v1:e957eb41b1bf0df9')
})

describe('what one device alone has does not matter', () => {
  const { cpu, storage, os, board } = pi5
  test.each<[string, Partial<Facts>]>([
    [
      'name and addresses',
      { network: { hostname: 'till-8', interfaces: [{ name: 'eth0', kind: 'ethernet', addresses: ['10.0.0.4'] }] } },
    ],
    ['temperature', { thermal: { zones: [{ name: 'cpu-thermal', celsius: 81 }] } }],
    ['no thermal fact', { thermal: undefined }],
    ['free space', { storage: { ...storage, freeBytes: 3 } }],
    ['size of the card', { storage: { ...storage, totalBytes: 32 * GiB, path: '/data' } }],
    ['serial', { board: { ...board, serialHash: '0123456789abcdef' } }],
    ['patch level', { os: { ...os, version: '13', kernel: '6.18.1' } }],
    ['clock speed', { cpu: { ...cpu, maxMhz: 2400, physicalCores: 4 } }],
    ['what the kernel reserves', { memory: { totalBytes: 8 * GiB - 100 * 1024 * 1024, swapTotalBytes: GiB } }],
  ])('%s', (_, more) => {
    expect(deviceClassOf({ ...pi5, ...more })).toBe(deviceClassOf(pi5))
  })
})

describe('what makes another kind of device', () => {
  const { cpu, storage, os } = pi5
  test.each<[string, Partial<Facts>]>([
    ['architecture', { cpu: { ...cpu, architecture: 'armv7l' } }],
    ['core', { cpu: { ...cpu, model: 'Cortex-A72' } }],
    ['number of cores', { cpu: { ...cpu, logicalCores: 2 } }],
    ['an instruction set more', { cpu: { ...cpu, features: [...cpu.features, 'i8mm'] } }],
    ['memory', { memory: { totalBytes: 4 * GiB } }],
    ['memory that could not be read', { memory: undefined }],
    ['board', { board: { model: 'Raspberry Pi 4 Model B' } }],
    ['operating system', { os: { ...os, name: 'Ubuntu' } }],
    ['platform', { os: { ...os, platform: 'android' } }],
    ['kind of storage', { storage: { ...storage, kind: 'nvme' } }],
    ['no processor fact', { cpu: undefined }],
  ])('%s', (_, more) => {
    expect(deviceClassOf({ ...pi5, ...more })).not.toBe(deviceClassOf(pi5))
  })
})

test('the order of features does not matter, and they are left as they were', () => {
  const features = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 2 })
  const twice = features.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  fc.assert(
    fc.property(twice, ([features, shuffled]) => {
      const before = [...shuffled]
      const shuffledClass = deviceClassOf({ cpu: { ...pi5.cpu, features: shuffled } })
      expect(shuffledClass).toBe(deviceClassOf({ cpu: { ...pi5.cpu, features } }))
      expect(shuffled).toEqual(before)
    }),
  )
})

test('it always has the form that the wire demands', () => {
  fc.assert(
    fc.property(fc.string(), fc.maxSafeNat(), (model, totalBytes) => {
      expect(deviceClassOf({ board: { model }, memory: { totalBytes } })).toMatch(/^v1:[0-9a-f]{16}$/)
    }),
  )
})
