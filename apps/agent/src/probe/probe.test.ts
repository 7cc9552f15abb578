import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode, encode } from '@tradewind/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { capturedHost } from '../host/captured'
import { type Host, maxFileBytes } from '../host/host'
import { localHost } from '../host/local'
import { probeAll } from './probe'

const hosts = fileURLToPath(new URL('../../../../test/fixtures/hosts/', import.meta.url))
const nowMs = 1_795_500_000_000
const report = async (name: string) => probeAll(await capturedHost(path.join(hosts, name)), '0.1.0', nowMs)
const codes = (list: { fact: string; code: string }[]) => Object.fromEntries(list.map(({ fact, code }) => [fact, code]))

describe('a Raspberry Pi 5 with 4 GB and a card', () => {
  it('is known in full', async () => {
    const { facts, unreadable, at, agentVersion } = await report('pi-5-4gb')
    expect({ at, agentVersion }).toEqual({ at: nowMs, agentVersion: '0.1.0' })
    expect(codes(unreadable)).toEqual({
      'memory.pressure': 'not-present',
      'memory.bandwidthBytesPerSecond': 'not-present',
      'storage.readBytesPerSecond': 'not-present',
      'storage.wear': 'not-present',
    })
    expect(facts).toEqual({
      cpu: {
        architecture: 'aarch64',
        model: 'Cortex-A76',
        logicalCores: 4,
        physicalCores: 4,
        maxMhz: 2400,
        features: ['asimddp', 'asimdhp', 'fphp'],
      },
      memory: {
        totalBytes: 4_241_489_920,
        swapTotalBytes: 536_854_528,
        swaps: [{ kind: 'file', totalBytes: 536_854_528 }],
        availableBytes: 3_393_191_936,
        holders: [
          { name: 'chromium', bytes: 612_368_384 },
          { name: 'chromium', bytes: 281_018_368 },
        ],
      },
      storage: {
        path: '/var/lib/tradewind',
        filesystem: 'ext4',
        kind: 'sd-card',
        totalBytes: 62_671_097_856,
        freeBytes: 51_539_607_552,
      },
      os: { platform: 'linux', name: 'Raspberry Pi OS', version: '12', kernel: '6.6.62+rpt-rpi-2712' },
      board: {
        maker: 'Raspberry Pi',
        model: 'Raspberry Pi 5 Model B Rev 1.0',
        revision: 'c04170',
        // printf 10000000a1b2c3d4 | sha256sum
        serialHash: 'a438f8ac132a3df9',
      },
      network: {
        hostname: 'pi-5-4gb',
        interfaces: [
          { name: 'eth0', kind: 'ethernet', addresses: ['192.0.2.21', 'fe80::2ecf:67ff:fe00:1'] },
          { name: 'wlan0', kind: 'wifi', addresses: [] },
        ],
      },
      thermal: { zones: [{ name: 'cpu-thermal', celsius: 47.75, criticalCelsius: 110 }] },
      throttling: { now: ['undervoltage', 'throttled'], sinceBoot: ['undervoltage', 'throttled'] },
      power: { supplyVolts: 4.623 },
      accelerators: [{ kind: 'videocore', name: 'brcm,2712-v3d', driver: 'v3d' }],
    })
  })

  it('never shows its serial', async () => {
    expect(JSON.stringify(await report('pi-5-4gb'))).not.toContain('a1b2c3d4')
  })
})

describe('a Raspberry Pi 5 with 8 GB and an NVMe disk', () => {
  it('differs where the hardware does', async () => {
    const { facts, unreadable } = await report('pi-5-8gb')
    expect(codes(unreadable)).toEqual({ 'memory.pressure': 'not-present' })
    expect(facts.memory).toEqual({
      totalBytes: 8_454_029_312,
      swapTotalBytes: 2_147_467_264,
      swaps: [{ kind: 'zram', totalBytes: 2_147_467_264 }],
      availableBytes: 6_763_223_040,
      bandwidthBytesPerSecond: 11_114_800_000,
      holders: [],
    })
    expect(facts.thermal?.fans).toEqual([{ level: 1, maxLevel: 4 }])
    expect(facts.throttling).toEqual({ now: [], sinceBoot: [] })
    expect(facts.power).toEqual({ supplyVolts: 5.117 })
    expect(facts.storage).toMatchObject({ kind: 'nvme', filesystem: 'ext4', totalBytes: 250_790_436_864 })
    expect(facts.storage).toMatchObject({ readBytesPerSecond: 442_150_000, wear: 0.03 })
    expect(facts.board).toMatchObject({ revision: 'd04170', serialHash: '0315123a8751e63d' })
    expect(facts.os).toMatchObject({ name: 'Raspberry Pi OS', version: '13' })
    expect(facts.cpu).toEqual((await report('pi-5-4gb')).facts.cpu)
  })

  it('is of another device class than the small one, and always of the same', async () => {
    const [small, large, again] = await Promise.all(['pi-5-4gb', 'pi-5-8gb', 'pi-5-8gb'].map(report))
    expect(large?.deviceClass).not.toBe(small?.deviceClass)
    expect(large?.deviceClass).toBe(again?.deviceClass)
  })
})

describe('a virtual machine without firmware tables', () => {
  it('says that it is one, and what it cannot know', async () => {
    const { facts, unreadable } = await report('this-kind-of-vm')
    expect(facts).toEqual({
      cpu: {
        architecture: 'x86_64',
        model: 'AMD EPYC',
        logicalCores: 2,
        physicalCores: 2,
        maxMhz: undefined,
        features: ['avx', 'avx2', 'avx512_bf16', 'avx512_vnni', 'avx512f', 'avx_vnni', 'f16c', 'fma'],
      },
      memory: {
        totalBytes: 24_683_620 * 1024,
        swapTotalBytes: 0,
        pressure: 0,
        availableBytes: 24_253_140 * 1024,
        bandwidthBytesPerSecond: 31_707_441_350,
        holders: [],
      },
      storage: {
        path: '/var/lib/tradewind',
        filesystem: 'ext4',
        kind: 'virtual',
        totalBytes: 270_553_174_016,
        freeBytes: 83_805_982_720,
        readBytesPerSecond: 783_141_460,
      },
      os: { platform: 'linux', name: 'Debian GNU/Linux', version: '12', kernel: '6.18.44-fc-v769' },
      board: { model: 'Virtual machine' },
      network: {
        hostname: 'vm',
        interfaces: [{ name: 'eth0', kind: 'ethernet', addresses: ['192.0.2.2', 'fd00::2', 'fe80::fc:ff:fe00:1'] }],
      },
    })
    expect(unreadable).toEqual([
      { fact: 'cpu.maxMhz', code: 'not-present', detail: '/sys/devices/system/cpu/cpufreq: ENOENT' },
      { fact: 'storage.wear', code: 'not-present', detail: expect.stringContaining('vda') },
      { fact: 'board.maker', code: 'not-present', detail: expect.stringContaining('hypervisor') },
      { fact: 'thermal', code: 'not-present', detail: 'no zones in /sys/class/thermal' },
      { fact: 'throttling', code: 'not-present', detail: expect.stringContaining('vcgencmd get_throttled') },
      { fact: 'power', code: 'not-present', detail: expect.stringContaining('no battery') },
      { fact: 'accelerators', code: 'not-present', detail: 'no accelerator was found' },
    ])
  })
})

describe('a host without /proc', () => {
  it('is known through its inventory and its commands', async () => {
    const { facts, unreadable } = await report('macbook-air-m2')
    expect(facts.cpu).toEqual({
      architecture: 'arm64',
      model: 'Apple M2',
      logicalCores: 8,
      physicalCores: 8,
      maxMhz: undefined,
      features: ['asimddp', 'asimdhp', 'bf16', 'fphp', 'i8mm'],
    })
    expect(facts.memory?.totalBytes).toBe(17_179_869_184)
    expect(facts.board).toMatchObject({ maker: 'Apple Inc.', model: 'Mac14,2' })
    expect(facts.os).toEqual({ platform: 'darwin', name: 'macOS', version: '15.1', kernel: '24.1.0' })
    expect(facts.network?.interfaces).toEqual([{ name: 'en0', kind: 'wifi', addresses: ['192.0.2.30'] }])
    expect(facts.power).toEqual({ source: 'battery', batteries: [{ level: 0.81, charging: false }] })
    expect(facts.accelerators).toEqual([{ kind: 'apple', name: 'Apple M2', driver: 'metal' }])
    expect(codes(unreadable)).toEqual({
      'cpu.maxMhz': 'not-present',
      'memory.pressure': 'unsupported',
      'storage.filesystem': 'unsupported',
      'storage.kind': 'unsupported',
      'storage.readBytesPerSecond': 'not-present',
      'memory.bandwidthBytesPerSecond': 'not-present',
      'network.en0.signalDbm': 'unsupported',
      thermal: 'unsupported',
      throttling: 'unsupported',
    })
  })

  it('loses only the instruction sets to a command that fails', async () => {
    const mac = await capturedHost(path.join(hosts, 'macbook-air-m2'))
    const { facts, unreadable } = await probeAll(
      { ...mac, run: (_, args, limit) => mac.run('no-such', args, limit) },
      '0.1.0',
      nowMs,
    )
    expect(facts.cpu?.model).toBe('Apple M2')
    expect(facts.cpu?.features).toEqual([])
    expect(codes(unreadable)).toMatchObject({ 'cpu.features': 'not-present' })
  })

  it('loses only the processor to a command that never ends', async () => {
    const mac = await capturedHost(path.join(hosts, 'macbook-air-m2'))
    const { facts, unreadable } = await probeAll({ ...mac, run: () => new Promise(() => {}) }, '0.1.0', nowMs, 500)
    expect(Object.keys(facts)).toEqual(['memory', 'storage', 'os', 'board', 'network', 'power', 'accelerators'])
    expect(codes(unreadable)).toMatchObject({ cpu: 'timed-out' })
  })
})

describe('a hostile host', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'tradewind-hostile-'))
    await cp(path.join(hosts, 'hostile'), folder, { recursive: true })
    await writeFile(path.join(folder, 'files/proc/meminfo'), 'MemTotal: 1 kB\n'.repeat(maxFileBytes / 8))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('costs single facts, each with its reason', async () => {
    const { facts, unreadable } = await probeAll(await capturedHost(folder), '0.1.0', nowMs, 500)
    expect(facts).toEqual({
      storage: { path: '/var/lib/tradewind', totalBytes: 1_000_000_000, freeBytes: 0 },
      os: { platform: 'linux', name: 'Linux', kernel: '6.6.62-hostile' },
      network: {
        hostname: 'hostile',
        interfaces: [{ name: 'eth0', kind: 'other', addresses: ['192.0.2.66'] }],
      },
      thermal: { zones: [{ name: 'soc', celsius: 61 }] },
    })
    expect(codes(unreadable)).toEqual({
      cpu: 'garbled',
      memory: 'too-large',
      'storage.filesystem': 'permission-denied',
      'storage.kind': 'permission-denied',
      'storage.readBytesPerSecond': 'garbled',
      'os.name': 'not-present',
      board: 'timed-out',
      'network.kinds': 'permission-denied',
      'network.eth0.kind': 'not-present',
      'thermal.thermal_zone1': 'garbled',
      'thermal.thermal_zone2': 'permission-denied',
      'thermal.thermal_zone3': 'garbled',
      throttling: 'not-present',
      power: 'not-present',
      accelerators: 'not-present',
    })
  })

  it('that answers nothing at all still gives a report', async () => {
    const silent = () => new Promise<never>(() => {})
    const host = { ...(await capturedHost(folder)), readFile: silent, readDir: silent, statFilesystem: silent }
    const { facts, unreadable } = await probeAll({ ...host, addresses: silent, run: silent }, '0.1.0', nowMs, 20)
    expect(facts).toEqual({})
    expect(unreadable.map(({ code }) => code)).toEqual(Array(10).fill('timed-out'))
  })
})

describe('whatever files and commands say', () => {
  it('the report is one that the wire takes', async () => {
    const captured = await Promise.all(
      ['pi-5-8gb', 'this-kind-of-vm', 'android-12gb-termux', 'rtx4090', 'laptop-16gb', 'macbook-air-m2'].map((name) =>
        capturedHost(path.join(hosts, name)),
      ),
    )
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.stringMatching(/^[a-z0-9 :=\-\n\t/.]{0,200}$/),
      fc
        .array(
          fc.constantFrom(
            'processor\t: 0',
            'model name\t: ',
            'CPU part\t: 0xd0b',
            'MemTotal: 0 kB',
            'NAME=""',
            '\0',
            '9'.repeat(300),
            'throttled=0xfffffffff',
            'EXT5V_V volt(24)=99.99V',
            'NVIDIA GeForce RTX 4090, 999999999, [N/A], 550',
            'GPU-1, 1, /, 99999999999',
            ' wlan0: 0000 1. -999. 0',
            'signal: -5 dBm',
            '{ "rssi": -1, "percentage_used": 999 }',
            '0x0b 0x00',
            'a, b, c',
            'DRIVER=v3d',
            'SwapTotal: 9 kB',
            '/dev/zram0 partition 999999999999 0 100',
            'some avg10=0.00 avg60=999.99 avg300=0.00 total=0',
            'pwm-fan',
            'Battery',
            '101',
            '0',
          ),
        )
        .map((lines) => lines.join('\n')),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...captured),
        fc.array(garbage, { minLength: 1, maxLength: 4 }),
        fc.nat(3),
        async (host, texts, spare) => {
          const result = await probeAll(corrupted(host, texts, spare), '0.1.0', nowMs)
          const sent = encode('capability', result)
          expect(sent).toMatchObject({ ok: true })
          // a fact is lost to what the host says, never to a slip of the probe
          for (const { detail } of result.unreadable)
            expect(detail).not.toMatch(/Cannot read|is not (a|iter)|undefined/)
        },
      ),
      { numRuns: 150 },
    )
  })

  /** Most files hold garbage, picked by their path; every `spare + 2`nd is spared, so that probes get past the first. */
  function corrupted(host: Host, texts: string[], spare: number): Host {
    const turn = (file: string) => [...file].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % 9973
    const readFile = async (file: string) =>
      turn(file) % (spare + 2) === 0 ? host.readFile(file) : (texts[turn(file) % texts.length] ?? '')
    const readDir = async (folder: string) => [...(await host.readDir(folder)), `${texts[0]}`.slice(0, 15)]
    const run = async (command: string, args: string[], limit: { timeoutMs: number }) =>
      turn(command) % (spare + 2) === 0 ? host.run(command, args, limit) : (texts[turn(command) % texts.length] ?? '')
    const largestPrograms = async () => texts.map((name) => ({ name, residentBytes: turn(name) * 1e9 }))
    const measured = async () => (turn(texts[0] ?? '') - 5000) / spare
    return { ...host, readFile, readDir, run, largestPrograms, measured, hostname: texts[0] ?? '' }
  }
})

describe('this machine', () => {
  it('gives a report that survives the wire', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'tradewind-probe-'))
    try {
      const result = await probeAll(localHost(folder), '0.1.0', Date.now())
      const sent = encode('capability', result)
      if (!sent.ok) throw new Error(`refused at ${sent.refusal.where}`)
      expect(decode('capability', sent.value)).toEqual({ ok: true, value: JSON.parse(JSON.stringify(result)) })
      expect(result.facts.cpu?.logicalCores).toBeGreaterThan(0)
      expect(result.facts.memory?.totalBytes).toBeGreaterThan(0)
      expect(result.facts.storage?.freeBytes).toBeLessThanOrEqual(result.facts.storage?.totalBytes ?? 0)
      expect(result.facts.network?.hostname).toBe(os.hostname())
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
