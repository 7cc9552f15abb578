import { fileURLToPath } from 'node:url'
import { type Fact, throttles } from '@tradewind/protocol'
import { describe, expect, it } from 'vitest'
import { capturedHost } from '../host/captured'
import { type Host, HostError } from '../host/host'
import { probeAccelerators } from './accelerators'
import { probeMemory } from './memory'
import { probeOs } from './os'
import { probePower } from './power'
import { readSignal } from './signal'
import { probeThrottling } from './throttling'
import { readWear } from './wear'

const vm = fileURLToPath(new URL('../../../../test/fixtures/hosts/this-kind-of-vm', import.meta.url))

type World = { files?: Record<string, string>; commands?: Record<string, string>; refused?: Record<string, HostError> }

/** A Linux that has the files of a virtual machine and these, and runs only these commands. */
async function linux({ files = {}, commands = {}, refused = {} }: World, more: Partial<Host> = {}): Promise<Host> {
  const host = await capturedHost(vm)
  return {
    ...host,
    readFile: async (file) => {
      if (refused[file]) throw refused[file]
      return files[file] ?? host.readFile(file)
    },
    readDir: async (folder) => {
      const below = Object.keys(files).filter((file) => file.startsWith(`${folder}/`))
      const names = below.map((file) => file.slice(folder.length + 1).split('/')[0] ?? '')
      return names.length > 0 ? [...new Set(names)] : host.readDir(folder)
    },
    run: async (command, [first = '']) => {
      if (refused[command]) throw refused[command]
      const text = commands[`${command} ${first.split('=')[0]}`] ?? commands[command]
      if (text === undefined) throw new HostError('not-present', command)
      return text
    },
    ...more,
  }
}

const codes = (list: { fact: string; code: string }[]) => Object.fromEntries(list.map(({ fact, code }) => [fact, code]))

describe('throttling', () => {
  const throttlingOf = async (said: string) =>
    (await probeThrottling(await linux({ commands: { vcgencmd: `throttled=0x${said}\n` } }))).fact

  it('has a bit for each cause, now and since boot', async () => {
    for (const [i, cause] of throttles.entries()) {
      expect(await throttlingOf((1 << i).toString(16))).toEqual({ now: [cause], sinceBoot: [] })
      expect(await throttlingOf((1 << (16 + i)).toString(16))).toEqual({ now: [], sinceBoot: [cause] })
    }
    expect(await throttlingOf('f000f')).toEqual({ now: [...throttles], sinceBoot: [...throttles] })
  })

  it('ignores bits that nobody has given a meaning', async () => {
    expect(await throttlingOf('fff0fff0')).toEqual({ now: [], sinceBoot: [] })
  })

  it('is read from the kernel where the command is missing', async () => {
    const files = { '/sys/devices/platform/soc/soc:firmware/get_throttled': '50005\n' }
    const { fact } = await probeThrottling(await linux({ files }))
    expect(fact).toEqual({ now: ['undervoltage', 'throttled'], sinceBoot: ['undervoltage', 'throttled'] })
  })

  it('that says no number is not taken for none', async () => {
    const host = await linux({ commands: { vcgencmd: 'VCHI initialization failed\n' } })
    await expect(probeThrottling(host)).rejects.toMatchObject({ code: 'garbled' })
  })
})

describe('power', () => {
  const supply = (name: string, parts: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(parts).map(([part, text]) => [`/sys/class/power_supply/${name}/${part}`, `${text}\n`]),
    )

  it('comes from outside while an adapter is plugged in, whatever the battery does', async () => {
    const files = {
      ...supply('AC', { type: 'Mains', online: '1' }),
      ...supply('BAT0', { type: 'Battery', status: 'Charging', capacity: '40' }),
      ...supply('BAT1', { type: 'Battery', status: 'Unknown', capacity: '100' }),
    }
    const { fact, unreadable } = await probePower(await linux({ files }))
    expect(fact).toEqual({ source: 'external', batteries: [{ level: 0.4, charging: true }, { level: 1 }] })
    expect(unreadable).toEqual([])
  })

  it('keeps a battery whose level makes no sense, without the level', async () => {
    const files = supply('BAT0', { type: 'Battery', status: 'Discharging', capacity: '655' })
    const { fact, unreadable } = await probePower(await linux({ files }))
    expect(fact).toEqual({ source: 'battery', batteries: [{ charging: false }] })
    expect(codes(unreadable)).toEqual({ 'power.BAT0.level': 'garbled' })
  })

  it('of a Pi older than the 5 has no voltage, and that is no gap', async () => {
    const commands = { vcgencmd: 'error=1 error_msg="Command not registered"\n' }
    const files = supply('AC', { type: 'Mains', online: '1' })
    const { fact, unreadable } = await probePower(await linux({ files, commands }))
    expect({ fact, unreadable }).toEqual({ fact: { source: 'external' }, unreadable: [] })
  })
})

describe('memory', () => {
  const meminfo = { '/proc/meminfo': 'MemTotal: 1000 kB\nSwapTotal: 300 kB\n' }
  const swaps = (lines: string) => ({ ...meminfo, '/proc/swaps': `Filename\tType\tSize\tUsed\tPriority\n${lines}` })

  it('names every kind of swap', async () => {
    const lines = '/dev/zram0 partition 100 0 100\n/dev/sda2 partition 100 0 -2\n/my\\040swap file 100 0 -3\n'
    const { fact } = await probeMemory(await linux({ files: swaps(lines) }))
    expect(fact?.swaps?.map(({ kind }) => kind)).toEqual(['zram', 'partition', 'file'])
    expect(fact?.swaps?.[0]?.totalBytes).toBe(102_400)
  })

  it('names who holds a sixteenth of it or more', async () => {
    const kilobytes = (name: string, size: number) => ({ name, residentBytes: size * 1024 })
    const largestPrograms = async () => [kilobytes('firefox', 400), kilobytes('two\nlines', 63), kilobytes('sh', 62)]
    const { fact } = await probeMemory(await linux({ files: meminfo }, { largestPrograms }))
    expect(fact?.holders).toEqual([
      { name: 'firefox', bytes: 409_600 },
      { name: 'two lines', bytes: 64_512 },
    ])
  })

  it('does not take a kernel that measures no pressure for one that has none', async () => {
    const refused = { '/proc/pressure/memory': new HostError('unsupported', '/proc/pressure/memory: EOPNOTSUPP') }
    const { fact, unreadable } = await probeMemory(await linux({ refused }))
    expect(fact).not.toHaveProperty('pressure')
    expect(codes(unreadable)).toMatchObject({ 'memory.pressure': 'unsupported' })
  })
})

const nvidia = (cards: string, apps: string) => ({
  'nvidia-smi --query-gpu': `${cards}\n`,
  'nvidia-smi --query-compute-apps': `${apps}\n`,
})

describe('accelerators', () => {
  it('that share the memory of the host have none of their own', async () => {
    const host = await linux({ commands: nvidia('NVIDIA GB10, [N/A], [N/A], 580.95.05, GPU-1', '') })
    expect((await probeAccelerators(host)).fact).toEqual([
      { kind: 'nvidia', name: 'NVIDIA GB10', driver: '580.95.05', holders: [] },
    ])
  })

  it('name who holds their memory, without where it lies and what it was told', async () => {
    const apps = [
      'GPU-1, 17, /home/zelda/a, b/bin/llama-server, 20000',
      'GPU-2, 18, C:\\ProgramFiles\\ollama.exe, 512',
      'GPU-1, 19, [Not Found], [N/A]',
    ]
    const cards = ['NVIDIA L4, 23034, 3000, 550, GPU-1', 'NVIDIA L4, 23034, 22000, 550, GPU-2']
    const host = await linux({ commands: nvidia(cards.join('\n'), apps.join('\n')) })
    const { fact, unreadable } = await probeAccelerators(host)
    expect(fact?.map(({ holders }) => holders)).toEqual([
      [{ name: 'llama-server', bytes: 20_000 * 1024 ** 2 }],
      [{ name: 'ollama.exe', bytes: 512 * 1024 ** 2 }],
    ])
    expect(codes(unreadable)).toEqual({ 'accelerators.nvidia.holders': 'unsupported' })
  })

  it('do not hide behind holders that cannot be listed', async () => {
    const host = await linux({ commands: nvidia('NVIDIA L4, 23034, 3000, 550, GPU-1', '') })
    const run: Host['run'] = async (command, args, limit) => {
      if (args[0]?.startsWith('--query-compute-apps')) throw new HostError('timed-out', command)
      return host.run(command, args, limit)
    }
    const { fact, unreadable } = await probeAccelerators({ ...host, run })
    expect(fact).toMatchObject([{ name: 'NVIDIA L4' }])
    expect(fact?.[0]).not.toHaveProperty('holders')
    expect(codes(unreadable)).toEqual({ 'accelerators.nvidia.holders': 'timed-out' })
  })

  it('whose tool fails are seen through the kernel, with the gap', async () => {
    const refused = { 'nvidia-smi': new HostError('failed', 'nvidia-smi: exit 9') }
    const files = { '/sys/class/drm/card1/device/uevent': 'DRIVER=nvidia\nPCI_ID=10DE:2684\n' }
    const { fact, unreadable } = await probeAccelerators(await linux({ files, refused }))
    expect(fact).toEqual([{ kind: 'nvidia', name: 'PCI 10DE:2684', driver: 'nvidia' }])
    expect(codes(unreadable)).toEqual({ 'accelerators.nvidia': 'failed' })
  })

  it('of phones name themselves', async () => {
    const adreno = await linux({ files: { '/sys/class/kgsl/kgsl-3d0/gpu_model': 'Adreno740v2\n' } })
    expect((await probeAccelerators(adreno)).fact).toEqual([{ kind: 'adreno', name: 'Adreno740v2', driver: 'kgsl' }])
    const mali = await linux({ files: { '/sys/class/misc/mali0/device/gpuinfo': 'Mali-G78 20 cores r0p1 0x9202\n' } })
    expect((await probeAccelerators(mali)).fact).toMatchObject([{ kind: 'mali', name: expect.stringMatching(/^Mali/) }])
  })
})

describe('surroundings', () => {
  const surroundingsOf = async (world: World, more: Partial<Host> = {}) =>
    ((await probeOs(await linux(world, more))).fact as Fact<'os'>).surroundings

  it('are told by the marks that containers leave', async () => {
    expect(await surroundingsOf({})).toBeUndefined()
    expect(await surroundingsOf({ files: { '/.dockerenv': '' } })).toEqual(['docker'])
    expect(await surroundingsOf({ files: { '/run/.containerenv': '' } })).toEqual(['podman'])
    const groups = (line: string) => surroundingsOf({ files: { '/proc/1/cgroup': `${line}\n` } })
    expect(await groups('12:memory:/docker/8f2a')).toEqual(['docker'])
    expect(await groups('0::/machine.slice/libpod-8f2a.scope')).toEqual(['podman'])
    expect(await groups('4:memory:/lxc/web/init.scope')).toEqual(['lxc'])
    expect(await groups('0::/lxc.payload.web')).toEqual(['lxc'])
    expect(await groups('0::/init.scope')).toBeUndefined()
  })

  it('are Termux only where programs are installed by it', async () => {
    expect(await surroundingsOf({}, { prefix: '/data/data/com.termux/files/usr' })).toEqual(['termux'])
    expect(await surroundingsOf({}, { prefix: '/usr/local' })).toBeUndefined()
  })
})

describe('the signal of a radio link', () => {
  const wireless = (line: string) => ({
    '/proc/net/wireless': `Inter-| sta-|   Quality\n face | tus | link level noise\n${line}\n`,
  })
  const iw = { iw: 'Connected to 00:00:00:00:00:01 (on wlan0)\n\tfreq: 5180\n\tsignal: -58 dBm\n' }

  it.each([
    ['as the kernel says it', wireless(' wlan0: 0000   63.  -47.  -256        0      0'), {}, -47],
    ['of the right interface', wireless('wlan01: 0000   63.  -12.  -256\n wlan0: 0000   40  -71  0'), {}, -71],
    ['as the tool says it, where the kernel has no such file', {}, iw, -58],
    ['as the tool says it, where the driver counts to a hundred', wireless(' wlan0: 0000   63   70   0'), iw, -58],
  ])('is read %s', async (_, files, commands, wanted) => {
    expect(await readSignal(await linux({ files, commands }), 'wlan0')).toBe(wanted)
  })

  it('that nobody hears is none', async () => {
    const host = await linux({ commands: { iw: 'Not connected.\n' } })
    await expect(readSignal(host, 'wlan0')).rejects.toMatchObject({ code: 'not-present' })
    const said = { 'termux-wifi-connectioninfo': '{ "rssi": -127 }' }
    const android = await linux({ commands: said }, { platform: 'android' })
    await expect(readSignal(android, 'wlan0')).rejects.toMatchObject({ code: 'not-present' })
  })
})

describe('the wear of a disk', () => {
  const lifeTime = async (text: string) =>
    readWear(await linux({ files: { '/sys/block/mmcblk0/device/life_time': text } }), 'mmcblk0', 'emmc')

  it.each([
    ['0x01 0x01\n', 0.1],
    ['0x02 0x05\n', 0.5],
    ['0x0A 0x00\n', 1],
    ['0x0b 0x0b\n', 1],
  ])('of an eMMC that says %j is %d', async (text, wanted) => {
    expect(await lifeTime(text)).toBe(wanted)
  })

  it('is unknown when an eMMC does not say it, or says nonsense', async () => {
    await expect(lifeTime('0x00 0x00\n')).rejects.toMatchObject({ code: 'not-present' })
    await expect(lifeTime('0xff 0x00\n')).rejects.toMatchObject({ code: 'garbled' })
  })

  it('of an NVMe disk beyond its rated life is all of it', async () => {
    const host = await linux({ commands: { smartctl: '{ "percentage_used": 214 }' } })
    expect(await readWear(host, 'nvme0n1', 'nvme')).toBe(1)
  })

  it('is not to be had without the rights to ask', async () => {
    const host = await linux({ refused: { smartctl: new HostError('failed', 'smartctl: exit 2') } })
    await expect(readWear(host, 'nvme0n1', 'nvme')).rejects.toMatchObject({ code: 'failed' })
  })
})
