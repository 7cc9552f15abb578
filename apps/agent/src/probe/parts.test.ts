import { fileURLToPath } from 'node:url'
import { type Fact, throttles } from '@tradewind/protocol'
import { describe, expect, it } from 'vitest'
import { capturedHost } from '../host/captured'
import { type Host, HostError } from '../host/host'
import { probeAccelerators } from './accelerators'
import { probeMemory } from './memory'
import { probeOs } from './os'
import { probePower } from './power'
import { probeThrottling } from './throttling'

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
    run: async (command) => {
      if (refused[command]) throw refused[command]
      const text = commands[command]
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

  it('does not take a kernel that measures no pressure for one that has none', async () => {
    const refused = { '/proc/pressure/memory': new HostError('unsupported', '/proc/pressure/memory: EOPNOTSUPP') }
    const { fact, unreadable } = await probeMemory(await linux({ refused }))
    expect(fact).not.toHaveProperty('pressure')
    expect(codes(unreadable)).toEqual({ 'memory.pressure': 'unsupported' })
  })
})

describe('accelerators', () => {
  it('that share the memory of the host have none of their own', async () => {
    const host = await linux({ commands: { 'nvidia-smi': 'NVIDIA GB10, [N/A], [N/A], 580.95.05\n' } })
    expect((await probeAccelerators(host)).fact).toEqual([{ kind: 'nvidia', name: 'NVIDIA GB10', driver: '580.95.05' }])
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
