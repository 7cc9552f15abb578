import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CapabilityReport } from '@tradewind/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { capturedHost } from '../host/captured'
import { type Host, HostError } from '../host/host'
import { localHost } from '../host/local'
import { capture, FolderNotEmpty } from './capture'
import { describe as say } from './describe'
import { probeAll } from './probe'

const hosts = fileURLToPath(new URL('../../../../test/fixtures/hosts/', import.meta.url))
const nowMs = 1_795_500_000_000

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tradewind-capture-'))
})
afterEach(() => rm(folder, { recursive: true }))

const replay = async (limitMs?: number) => probeAll(await capturedHost(folder), '0.1.0', nowMs, limitMs)

/** Without the words in which each host says what it tried. */
const essence = ({ unreadable, ...report }: CapabilityReport) => ({
  ...report,
  unreadable: unreadable.map(({ fact, code }) => `${fact} ${code}`),
})

describe('this machine', () => {
  it('captured and replayed, gives the same report', async () => {
    const host = localHost(os.tmpdir())
    const captured = await capture(host, folder, '0.1.0', nowMs)
    expect(essence(await replay())).toEqual(essence(captured))
    const { facts, deviceClass } = await probeAll(host, '0.1.0', nowMs)
    expect(captured.deviceClass).toBe(deviceClass)
    expect(captured.facts.cpu).toEqual(facts.cpu)
    expect(captured.facts.os).toEqual(facts.os)
    expect(captured.facts.network?.interfaces.length).toBe(facts.network?.interfaces.length)
  })
})

describe('every captured host', () => {
  const names = [
    'pi-5-4gb',
    'pi-5-16gb',
    'android-12gb-termux',
    'rtx4090x2',
    'laptop-16gb',
    'macbook-air-m2',
    'hostile',
  ]
  it.each(names)('%s, captured again, gives the same report', async (name) => {
    const host = await capturedHost(path.join(hosts, name))
    const captured = await capture(host, folder, '0.1.0', nowMs, 500)
    expect(essence(await replay(500))).toEqual(essence(captured))
    const { deviceClass, unreadable } = await probeAll(host, '0.1.0', nowMs, 500)
    expect(captured.deviceClass).toBe(deviceClass)
    expect(essence(captured).unreadable).toEqual(essence({ ...captured, unreadable }).unreadable)
  })
})

describe('a capture', () => {
  it('goes only into an empty folder', async () => {
    await writeFile(path.join(folder, 'mine'), 'precious')
    const host = await capturedHost(path.join(hosts, 'pi-5-4gb'))
    await expect(capture(host, folder, '0.1.0', nowMs)).rejects.toThrow(FolderNotEmpty)
    expect(await readdir(folder)).toEqual(['mine'])
  })

  it('keeps apart what is empty and what is listed but does not answer', async () => {
    const host = await capturedHost(path.join(hosts, 'laptop-16gb'))
    const zone = '/sys/class/thermal/thermal_zone0'
    const trip = `${zone}/trip_point_0_type`
    const mute: Host = {
      ...host,
      readDir: async (at) => (at === zone ? ['temp', 'trip_point_0_type', 'type'] : host.readDir(at)),
      readFile: async (file) => {
        if (file === trip) throw new HostError('not-present', `${file}: ENODATA`)
        return host.readFile(file)
      },
    }
    await capture(mute, folder, '0.1.0', nowMs)
    expect(essence(await replay()).unreadable).toContain('thermal.x86_pkg_temp.criticalCelsius not-present')
  })

  it('holds nothing that tells who, where or which', async () => {
    await capture(await talkative(), folder, '0.1.0', nowMs)
    const all = await everything(folder)
    for (const secret of secrets) expect(all.toLowerCase()).not.toContain(secret)
    const { facts } = await replay()
    expect(facts.board?.serialHash).toBeDefined()
    expect(facts.network).toEqual({
      hostname: 'host',
      interfaces: [{ name: 'wlx000000000001', kind: 'wifi', addresses: ['192.0.2.1', 'fe80::2'], signalDbm: -58 }],
    })
    expect(facts.storage).toMatchObject({ path: '/var/lib/tradewind', filesystem: 'nfs4' })
    expect(facts.power?.batteries).toEqual([{ level: 0.5, charging: false }])
    expect(facts.accelerators?.[0]?.holders).toEqual([{ name: 'python3', bytes: 512 * 1024 ** 2 }])
    expect(facts.memory?.swaps).toEqual([{ kind: 'file', totalBytes: 536_854_528 }])
  })
})

const secrets = [
  'a1b2c3d4',
  'zelda',
  'lovelace',
  '77abcdef1234',
  '77:ab:cd',
  '10.1.2.3',
  '6f9619ff',
  'babbage',
  '8f2ac0ffee',
]

/** A Pi that says a lot about its owner, all of it where a probe looks. */
async function talkative(): Promise<Host> {
  const host = await capturedHost(path.join(hosts, 'pi-5-4gb'))
  const wlan = '/sys/class/net/wlx77abcdef1234'
  const mouse = '/sys/class/power_supply/hid-77:ab:cd:ef:12:34-battery'
  const files: Record<string, string> = {
    '/proc/self/mountinfo':
      '27 1 179:2 / / rw - ext4 /dev/mmcblk0p2 rw\n40 27 0:50 / /home/zelda rw - nfs4 babbage:/export/zelda rw,user=zelda\n',
    '/proc/swaps': 'Filename Type Size Used Priority\n/home/zelda/swap file 524272 0 -2\n',
    '/proc/1/cgroup': '0::/system.slice/docker-8f2ac0ffee.scope\n1:name=x:/user.slice/user-zelda.slice\n',
    '/proc/net/dev': 'wlx77abcdef1234: 500 0 0 0 0 0 0 0 100 0\n',
    '/run/.containerenv': 'name="zelda"\nid="6f9619ff-8b86-d011-b42d-00cf4fc964ff"\n',
    [`${wlan}/type`]: '1\n',
    [`${wlan}/phy80211/index`]: '0\n',
    [`${mouse}/type`]: 'Battery\n',
    [`${mouse}/status`]: 'Not charging\n',
    [`${mouse}/capacity`]: '50\n',
    '/sys/class/drm/card0/device/uevent': 'DRIVER=v3d\nOF_COMPATIBLE_0=brcm,2712-v3d\nPARTUUID=6f9619ff-8b86-d011\n',
  }
  const commands: Record<string, string> = {
    'nvidia-smi --query-gpu': 'NVIDIA L4, 23034, 22000, 550, GPU-6f9619ff-8b86-d011-b42d-00cf4fc964ff\n',
    'nvidia-smi --query-compute-apps':
      'GPU-6f9619ff-8b86-d011-b42d-00cf4fc964ff, 17, /home/zelda/venv/bin/python3, 512\n',
    'iw dev wlx77abcdef1234':
      'Connected to 77:ab:cd:ef:12:34 (on wlx77abcdef1234)\n\tSSID: zelda at home\n\tsignal: -58 dBm\n',
  }
  return {
    ...host,
    run: async (command, args, limit) =>
      commands[`${command} ${args[0]?.split('=')[0]}`] ??
      commands[`${command} ${args[0]} ${args[1]}`] ??
      host.run(command, args, limit),
    hostname: 'lovelace',
    dataDir: '/home/zelda/tradewind',
    bootId: () => '6f9619ff-8b86-d011-b42d-00cf4fc964ff',
    prefix: '/home/zelda/.local',
    addresses: async () => ({ wlx77abcdef1234: ['10.1.2.3', 'fe80::77ab:cdff:feef:1234'] }),
    readFile: async (file) => files[file] ?? host.readFile(file),
    readDir: async (at) => {
      const below = Object.keys(files).filter((file) => file.startsWith(`${at}/`))
      const names = new Set(below.map((file) => file.slice(at.length + 1).split('/')[0] ?? ''))
      return names.size > 0 ? [...names] : host.readDir(at)
    },
  }
}

/** Names and contents of all files below the folder. */
async function everything(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return [...files.map((file) => path.relative(folder, file)), ...texts].join('\n')
}

describe('a report in words', () => {
  it('says what is known, and why the rest is not', async () => {
    const host = await capturedHost(path.join(hosts, 'pi-5-4gb'))
    const lines = say(await probeAll(host, '0.1.0', nowMs)).split('\n')
    expect(lines).toContain('  Memory        4.0 GiB, 3.2 GiB available')
    expect(lines).toContain('                512 MiB swap (file)')
    expect(lines).toContain('                584 MiB held by chromium')
    expect(lines).toContain('  Throttling    now: undervoltage, throttled')
    expect(lines).toContain('  memory.pressure: not found (/proc/pressure/memory: ENOENT)')
  })

  it('names nothing that could not be read as if it were zero', async () => {
    const report = { at: nowMs, agentVersion: '0.1.0', deviceClass: 'v1:0', facts: {}, unreadable: [] }
    expect(say(report)).toBe('Agent 0.1.0, device class v1:0\n\n')
  })
})
