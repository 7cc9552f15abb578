import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { figures, type SaidFigure } from '@tradewind/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capturedHost } from '../host/captured'
import { type Host, HostError } from '../host/host'
import { localHost } from '../host/local'
import { Sampler } from './sampler'

const hosts = fileURLToPath(new URL('../../../../test/fixtures/hosts/', import.meta.url))
const captured = (name: string) => capturedHost(path.join(hosts, name))

/** A host whose moments follow one another as `next` is called. */
function moving(first: Host, ...later: Partial<Host>[]) {
  let now: Host = first
  const host: Host = {
    ...first,
    readFile: (file) => now.readFile(file),
    readDir: (folder) => now.readDir(folder),
    uptimeMs: () => now.uptimeMs(),
  }
  return { host, next: () => (now = { ...now, ...later.shift() }) }
}

/** The host some time later, with some of its files changed. */
const after = (host: Host, ms: number, files: Record<string, string>): Partial<Host> => ({
  uptimeMs: () => host.uptimeMs() + ms,
  readFile: async (file) => files[file] ?? host.readFile(file),
})

describe('two captured moments of a virtual machine', () => {
  it('give no rates at first, then those between them', async () => {
    const { host, next } = moving(await captured('this-kind-of-vm'), await captured('this-kind-of-vm/later'))
    const sampler = new Sampler(host)
    expect(await sampler.sample()).toEqual({
      load1: 0.29,
      memAvailableBytes: 24_253_140 * 1024,
      swapUsedBytes: 0,
      diskFreeBytes: 83_805_982_720,
      agentRssBytes: 57_065_472,
    })
    next()
    const { cpuBusy, diskReadBps, diskWriteBps, netRxBps, netTxBps, ...rest } = await sampler.sample()
    // in 2.59 s: 114 of 516 ticks, 10,680 sectors read, 409,624 written, 475,332 bytes received, 3,652 sent
    expect(cpuBusy).toBe(0.221)
    expect(diskReadBps).toBe(Math.round((10_680 * 512) / 2.59))
    expect(diskWriteBps).toBe(Math.round((409_624 * 512) / 2.59))
    expect(netRxBps).toBe(Math.round(475_332 / 2.59))
    expect(netTxBps).toBe(Math.round(3_652 / 2.59))
    expect(rest).toMatchObject({ memAvailableBytes: 24_258_356 * 1024 })
  })
})

describe('a Raspberry Pi', () => {
  it('shows its temperature and its swap', async () => {
    const sample = await new Sampler(await captured('pi-5-4gb')).sample()
    expect(sample).toMatchObject({ temperatureC: 47.8, swapUsedBytes: 16_384 * 1024 })
  })

  it('counts whole disks and real interfaces, and each once', async () => {
    const pi = await captured('pi-5-8gb')
    const disks = [
      ' 259 0 nvme0n1 0 0 3597324 0 0 0 931425 0',
      ' 259 2 nvme0n1p2 0 0 3579000 0 0 0 931423 0',
      ' 253 0 zram0 0 0 9999999 0 0 0 9999999 0',
      ' 7 0 loop0 0 0 9999999 0 0 0 9999999 0',
    ]
    const interfaces = [
      'lo: 99999999 0 0 0 0 0 0 0 99999999 0',
      'eth0: 8124456 0 0 0 0 0 0 0 1923956 0',
      'wlan0: 500 0 0 0 0 0 0 0 0 0',
      'docker0: 99999999 0 0 0 0 0 0 0 99999999 0',
      'eth0.10: 99999999 0 0 0 0 0 0 0 99999999 0',
    ]
    const files = { '/proc/diskstats': disks.join('\n'), '/proc/net/dev': interfaces.join('\n') }
    const { host, next } = moving(pi, after(pi, 2_000, files))
    const sampler = new Sampler(host)
    await sampler.sample()
    next()
    expect(await sampler.sample()).toMatchObject({
      diskReadBps: (1_000 * 512) / 2,
      diskWriteBps: (200 * 512) / 2,
      netRxBps: 750,
      netTxBps: 250,
    })
  })
})

describe('counters that do not only rise', () => {
  const stat = (busy: number, idle: number) => `cpu  ${busy} 0 0 ${idle} 0 0 0 0 0 0\n`
  const net = (...bytes: [string, number][]) =>
    bytes.map(([name, rx]) => `${name}: ${rx} 0 0 0 0 0 0 0 ${rx} 0`).join('\n')

  async function samplesOf(...moments: Record<string, string>[]) {
    const pi = await captured('pi-5-4gb')
    const [first, ...later] = moments.map((files, i) => ({ ...pi, ...after(pi, i * 1_000, files) }))
    const { host, next } = moving(first ?? pi, ...later)
    const sampler = new Sampler(host)
    const samples = [await sampler.sample()]
    for (const _ of later) {
      next()
      samples.push(await sampler.sample())
    }
    return samples
  }

  it('cost one sample, not a spike', async () => {
    const moments = [4_294_967_000, 100, 1_100].map((rx) => ({ '/proc/net/dev': net(['eth0', rx]) }))
    const rates = (await samplesOf(...moments)).map(({ netRxBps }) => netRxBps)
    expect(rates).toEqual([undefined, undefined, 1_000])
  })

  it('of one device are not hidden by the rise of another', async () => {
    const moments = [net(['eth0', 1_000], ['usb0', 500]), net(['eth0', 9_000], ['usb0', 10])]
    const rates = (await samplesOf(...moments.map((text) => ({ '/proc/net/dev': text })))).map((one) => one.netRxBps)
    expect(rates).toEqual([undefined, undefined])
  })

  it('are not compared with an interface that has just come', async () => {
    const moments = [
      net(['eth0', 1_000]),
      net(['eth0', 1_500], ['usb0', 9_000_000]),
      net(['eth0', 1_500], ['usb0', 9_000_100]),
    ]
    const rates = (await samplesOf(...moments.map((text) => ({ '/proc/net/dev': text })))).map(
      ({ netRxBps }) => netRxBps,
    )
    expect(rates).toEqual([undefined, 500, 100])
  })

  it('give no share when time of idling is taken back, or none has passed', async () => {
    const moments = [stat(100, 100), stat(200, 90), stat(200, 90), stat(225, 165)].map((text) => ({
      '/proc/stat': text,
    }))
    const shares = (await samplesOf(...moments)).map(({ cpuBusy }) => cpuBusy)
    expect(shares).toEqual([undefined, undefined, undefined, 0.25])
  })

  it('give nothing when the clock stands still', async () => {
    const pi = await captured('pi-5-4gb')
    const sampler = new Sampler(pi)
    await sampler.sample()
    expect(Object.keys(await sampler.sample()).filter((name) => /Bps|Busy/.test(name))).toEqual([])
  })
})

describe('figures fail alone', () => {
  it('on a hostile host', async () => {
    const sample = await new Sampler(await captured('hostile'), 300).sample()
    expect(sample).toEqual({ temperatureC: 61, diskFreeBytes: 0, agentRssBytes: 58_720_256 })
  })

  it('and a reading that hangs is not piled up', async () => {
    const pi = await captured('pi-5-4gb')
    const asked: string[] = []
    let release = () => {}
    const stuck = new Promise<string>((_, reject) => {
      release = () => reject(new HostError('failed', 'gone'))
    })
    const sampler = new Sampler(
      {
        ...pi,
        readFile: (file) => {
          asked.push(file)
          return file === '/proc/stat' ? stuck : pi.readFile(file)
        },
      },
      300,
    )
    const sample = await sampler.sample()
    expect(sample.load1).toBe(0.42)
    expect(sample.cpuBusy).toBeUndefined()
    await sampler.sample()
    expect(asked.filter((file) => file === '/proc/stat')).toHaveLength(1)
    release()
    await new Promise(setImmediate)
    await sampler.sample()
    expect(asked.filter((file) => file === '/proc/stat')).toHaveLength(2)
  })
})

describe('a host without /proc', () => {
  it('gives what its system calls give', async () => {
    const mac = await captured('macbook-air-m2')
    const vitals = [
      { cpuMs: { busy: 120_000, idle: 600_000 } },
      { load1: 1.62, cpuMs: { busy: 121_000, idle: 603_000 } },
    ]
    let now = 0
    const host = { ...mac, vitals: () => vitals[now] ?? {}, uptimeMs: () => now * 1_000 }
    const sampler = new Sampler(host)
    expect(await sampler.sample()).toEqual({ diskFreeBytes: 120_259_084_288, agentRssBytes: 61_865_984 })
    now = 1
    expect(await sampler.sample()).toMatchObject({ load1: 1.62, cpuBusy: 0.25 })
  })
})

describe('whatever /proc and /sys say', () => {
  it('no sample throws, and no figure leaves its range', async () => {
    const pi = await captured('pi-5-4gb')
    const number = fc.oneof(
      fc.nat(),
      fc.bigInt().map(String),
      fc.constantFrom('-1', '1e9', 'NaN', '18446744073709551615', ''),
    )
    const line = fc.oneof(
      fc.array(number, { maxLength: 12 }).map((list) => `cpu  ${list.join(' ')}`),
      fc.array(number, { maxLength: 12 }).map((list) => ` 8 0 sda ${list.join(' ')}`),
      fc.array(number, { maxLength: 17 }).map((list) => `eth0: ${list.join(' ')}`),
      fc
        .tuple(fc.constantFrom('MemAvailable', 'SwapTotal', 'SwapFree'), number)
        .map(([name, kb]) => `${name}: ${kb} kB`),
      number.map(String),
      fc.string({ unit: 'binary' }),
    )
    const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'))
    const moment = fc.record({ text, uptimeMs: fc.double() })
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 2, maxLength: 4 }), async (moments) => {
        let now = moments[0]
        const sampler = new Sampler({
          ...pi,
          readFile: async () => now?.text ?? '',
          uptimeMs: () => now?.uptimeMs ?? 0,
        })
        for (now of moments)
          for (const [name, value] of Object.entries(await sampler.sample()))
            expect(figures[name as SaidFigure].safeParse(value)).toMatchObject({ success: true })
      }),
      { numRuns: 300 },
    )
  })
})

describe('this machine', () => {
  it('is sampled for real, without a child process', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'tradewind-sample-'))
    try {
      const local = localHost(folder)
      const run = () => Promise.reject(new Error('a sample ran a command'))
      const inventory = () => Promise.reject(new Error('a sample asked for the inventory'))
      const sampler = new Sampler({ ...local, run, inventory })
      await sampler.sample()
      await new Promise((done) => setTimeout(done, 60))
      const sample = await sampler.sample()
      expect(sample.agentRssBytes).toBeGreaterThan(1_000_000)
      expect(sample.diskFreeBytes).toBeGreaterThan(0)
      if (process.platform !== 'linux') return
      expect(sample.memAvailableBytes).toBeGreaterThan(0)
      expect(sample.cpuBusy).toBeGreaterThanOrEqual(0)
      expect(sample).toHaveProperty('netRxBps')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
