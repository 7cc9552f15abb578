import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { capturedHost } from '../host/captured'
import { probeAll } from './probe'

const hosts = fileURLToPath(new URL('../../../../test/fixtures/hosts/', import.meta.url))
const report = async (name: string) => probeAll(await capturedHost(path.join(hosts, name)), '0.1.0', 1_795_500_000_000)
const codes = (list: { fact: string; code: string }[]) => Object.fromEntries(list.map(({ fact, code }) => [fact, code]))

const unmeasured = { 'memory.bandwidthBytesPerSecond': 'not-present', 'storage.readBytesPerSecond': 'not-present' }

describe('a Raspberry Pi 5 with 16 GB and too little air', () => {
  it('says that it is hot, what its fan does, and what that has cost', async () => {
    const { facts, unreadable } = await report('pi-5-16gb')
    expect(codes(unreadable)).toEqual({ 'storage.readBytesPerSecond': 'not-present' })
    expect(facts.storage?.wear).toBe(0.12)
    expect(facts.board).toMatchObject({ model: 'Raspberry Pi 5 Model B Rev 1.1', revision: 'e04171' })
    expect(facts.memory).toEqual({
      totalBytes: 16_608_544 * 1024,
      swapTotalBytes: 2_097_136 * 1024,
      swaps: [{ kind: 'zram', totalBytes: 2_097_136 * 1024 }],
      pressure: 0.035,
      availableBytes: 14_957_366 * 1024,
      bandwidthBytesPerSecond: 12_310_400_000,
      holders: [],
    })
    expect(facts.thermal).toEqual({
      zones: [{ name: 'cpu-thermal', celsius: 80.45, criticalCelsius: 110 }],
      fans: [{ level: 4, maxLevel: 4 }],
    })
    expect(facts.throttling).toEqual({
      now: ['soft-temperature-limit'],
      sinceBoot: ['frequency-capped', 'throttled', 'soft-temperature-limit'],
    })
    expect(facts.power).toEqual({ supplyVolts: 5.091 })
  })
})

describe('a phone under Termux', () => {
  it('is known by its properties, and says what Android keeps from it', async () => {
    const { facts, unreadable } = await report('android-12gb-termux')
    expect(facts.board).toEqual({ maker: 'Google', model: 'Pixel 8 Pro' })
    expect(facts.os).toEqual({
      platform: 'android',
      name: 'Android',
      version: '14',
      kernel: '5.15.110-android14-11-ga6d7915820a0-ab10726252',
      surroundings: ['termux'],
    })
    expect(facts.cpu).toMatchObject({
      model: 'Cortex-A510 + Cortex-A715 + Cortex-X3',
      logicalCores: 9,
      maxMhz: 2914,
      features: ['asimddp', 'asimdhp', 'fphp', 'i8mm', 'sve', 'sve2'],
    })
    expect(facts.memory).toEqual({
      totalBytes: 11_842_604 * 1024,
      swapTotalBytes: 6_291_452 * 1024,
      availableBytes: 4_633_120 * 1024,
      holders: [],
    })
    expect(facts.network?.interfaces).toEqual([
      { name: 'wlan0', kind: 'other', addresses: ['192.0.2.40'], signalDbm: -42 },
    ])
    expect(Object.keys(facts)).toEqual(['cpu', 'memory', 'storage', 'os', 'board', 'network'])
    expect(codes(unreadable)).toEqual({
      'memory.swaps': 'permission-denied',
      'memory.pressure': 'permission-denied',
      'memory.bandwidthBytesPerSecond': 'not-present',
      'storage.kind': 'unsupported',
      'storage.readBytesPerSecond': 'not-present',
      'network.kinds': 'permission-denied',
      'network.wlan0.kind': 'not-present',
      thermal: 'permission-denied',
      throttling: 'not-present',
      'power.supplies': 'permission-denied',
      'accelerators.phone': 'permission-denied',
      'accelerators.cards': 'permission-denied',
    })
  })
})

describe('a workstation with one RTX 4090', () => {
  it('counts the card once, with the memory of its own', async () => {
    const { facts, unreadable } = await report('rtx4090')
    expect(facts.accelerators).toEqual([
      {
        kind: 'nvidia',
        name: 'NVIDIA GeForce RTX 4090',
        totalBytes: 24_564 * 1024 ** 2,
        freeBytes: 24_001 * 1024 ** 2,
        driver: '550.163.01',
        holders: [],
      },
    ])
    expect(facts.cpu).toMatchObject({ logicalCores: 32, physicalCores: 16, maxMhz: 5881 })
    expect(facts.memory?.swaps).toEqual([{ kind: 'partition', totalBytes: 8_388_604 * 1024 }])
    expect(facts.os?.surroundings).toBeUndefined()
    expect(codes(unreadable)).toEqual({
      'board.revision': 'not-present',
      'board.serialHash': 'permission-denied',
      throttling: 'not-present',
      power: 'not-present',
      ...unmeasured,
      'storage.wear': 'not-present',
    })
  })
})

describe('a server with two RTX 4090, seen from a container', () => {
  it('has both, and says where it is seen from', async () => {
    const { facts } = await report('rtx4090x2')
    expect(facts.accelerators?.map(({ freeBytes }) => freeBytes)).toEqual([23_607 * 1024 ** 2, 23_655 * 1024 ** 2])
    expect(facts.os).toMatchObject({ name: 'Debian GNU/Linux', surroundings: ['docker'] })
    expect(facts.storage).toMatchObject({ filesystem: 'xfs', kind: 'ssd' })
    expect(facts.memory).toMatchObject({ totalBytes: 131_828_000 * 1024, swapTotalBytes: 0, pressure: 0.0025 })
    expect(facts.accelerators?.map(({ holders }) => holders)).toEqual([
      [{ name: 'python3', bytes: 490 * 1024 ** 2 }],
      [{ name: 'python3', bytes: 442 * 1024 ** 2 }],
    ])
    expect(facts.memory?.holders).toEqual([{ name: 'python3', bytes: 18_253_611_008 }])
  })
})

describe('a laptop with 16 GB on its battery', () => {
  it('tells its own battery from that of its mouse', async () => {
    const { facts, unreadable } = await report('laptop-16gb')
    expect(facts.power).toEqual({ source: 'battery', batteries: [{ level: 0.73, charging: false }] })
    expect(facts.accelerators).toEqual([{ kind: 'intel', name: 'PCI 8086:9A49', driver: 'i915' }])
    expect(facts.storage).toMatchObject({ filesystem: 'ext4', kind: 'nvme' })
    expect(facts.memory?.swaps).toEqual([{ kind: 'file', totalBytes: 2_097_148 * 1024 }])
    expect(codes(unreadable)).toEqual({
      'board.serialHash': 'permission-denied',
      throttling: 'not-present',
      ...unmeasured,
      'storage.wear': 'not-present',
    })
    expect(facts.network?.interfaces).toMatchObject([{}, { name: 'wlp0s20f3', signalDbm: -47 }])
    expect(facts.memory?.holders?.map(({ name }) => name)).toEqual(['firefox', 'Isolated Web Co'])
  })
})

describe('every host of the fixtures', () => {
  it('is of a device class of its own', async () => {
    const names = ['pi-5-4gb', 'pi-5-8gb', 'pi-5-16gb', 'macbook-air-m2', 'android-12gb-termux', 'rtx4090', 'rtx4090x2']
    const classes = await Promise.all([...names, 'laptop-16gb'].map(async (name) => (await report(name)).deviceClass))
    expect(new Set(classes).size).toBe(8)
  })
})
