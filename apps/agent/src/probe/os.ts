import type { Fact } from '@tradewind/protocol'
import { type Host, hasProc } from '../host/host'
import { getprop } from './android'
import { firstOf, Gaps, type Probe, textOf } from './gaps'

export const probeOs: Probe<'os'> = async (host) => {
  const gaps = new Gaps()
  const fact = await (hasProc(host) ? fromProc(host, gaps) : fromInventory(host, gaps))
  return { fact, unreadable: gaps.list }
}

async function fromProc(host: Host, gaps: Gaps): Promise<Fact<'os'>> {
  const kernel = textOf(await readKernel(host), 'kernel release')
  const isAndroid = host.platform === 'android'
  const release = await gaps.part('os.name', () => (isAndroid ? readAndroid(host, gaps) : readRelease(host, gaps)))
  const surroundings = await readSurroundings(host, gaps)
  return {
    platform: host.platform,
    // without a release file it is still a Linux
    name: isAndroid ? 'Android' : 'Linux',
    ...release,
    kernel,
    ...(surroundings.length > 0 ? { surroundings } : {}),
  }
}

/** Android hides the file from apps, but not the system call. */
const readKernel = (host: Host) =>
  firstOf(
    () => host.readFile('/proc/sys/kernel/osrelease'),
    () => host.run('uname', ['-r'], { timeoutMs: 5_000 }),
  )

async function readAndroid(host: Host, gaps: Gaps): Promise<{ name: string; version?: string }> {
  const version = await gaps.part('os.version', () =>
    firstOf(
      () => getprop(host, 'ro.build.version.release'),
      async () => textOf(releaseOf(await host.readFile('/system/build.prop')), '/system/build.prop'),
    ),
  )
  return { name: 'Android', version }
}

const releaseOf = (properties: string) => /^ro\.build\.version\.release=(.*)$/m.exec(properties)?.[1] ?? ''

type Surroundings = NonNullable<Fact<'os'>['surroundings']>

async function readSurroundings(host: Host, gaps: Gaps): Promise<Surroundings> {
  const isTermux = host.prefix?.includes('com.termux') === true
  const there = async (file: string) => (await gaps.maybe('os.surroundings', () => host.readFile(file))) !== undefined
  // Android keeps apps from looking at the first process
  const groups = host.platform === 'android' ? '' : await gaps.maybe('os.surroundings', () => host.readFile(cgroup))
  const signs: Record<Surroundings[number], boolean> = {
    docker: (await there('/.dockerenv')) || /\/docker[-/]/.test(groups ?? ''),
    podman: (await there('/run/.containerenv')) || /\/libpod/.test(groups ?? ''),
    lxc: /\/lxc[./]/.test(groups ?? ''),
    termux: isTermux,
  }
  return (Object.keys(signs) as Surroundings).filter((name) => signs[name])
}
const cgroup = '/proc/1/cgroup'

async function readRelease(host: Host, gaps: Gaps): Promise<{ name: string; version?: string }> {
  const text = await firstOf(
    () => host.readFile('/etc/os-release'),
    () => host.readFile('/usr/lib/os-release'),
  )
  const fields = parseRelease(text)
  const isPi = await isRaspberryPiOs(host)
  const name = isPi ? 'Raspberry Pi OS' : textOf(fields.get('NAME') ?? '', '/etc/os-release NAME')
  const version = await gaps.part('os.version', async () =>
    textOf(fields.get('VERSION_ID') ?? '', '/etc/os-release VERSION_ID'),
  )
  return { name, version }
}

/** The 64-bit Raspberry Pi OS calls itself Debian everywhere but here. */
const isRaspberryPiOs = (host: Host) =>
  host.readFile('/etc/rpi-issue').then(
    (text) => text.startsWith('Raspberry Pi reference'),
    () => false,
  )

function parseRelease(text: string): Map<string, string> {
  const lines = [...text.matchAll(/^([A-Z_]+)=(["']?)(.*)\2$/gm)]
  return new Map(lines.map(([, name = '', , value = '']) => [name, value]))
}

async function fromInventory(host: Host, gaps: Gaps): Promise<Fact<'os'>> {
  const { distro, release, kernel } = await host.inventory('osInfo')
  return {
    platform: host.platform,
    name: textOf(distro, 'inventory osInfo'),
    version: await gaps.part('os.version', async () => textOf(release, 'inventory osInfo')),
    kernel: textOf(kernel, 'inventory osInfo'),
  }
}
