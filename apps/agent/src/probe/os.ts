import type { Fact } from '@tradewind/protocol'
import { type Host, hasProc } from '../host/host'
import { firstOf, Gaps, type Probe, textOf } from './gaps'

export const probeOs: Probe<'os'> = async (host) => {
  const gaps = new Gaps()
  const fact = await (hasProc(host) ? fromProc(host, gaps) : fromInventory(host, gaps))
  return { fact, unreadable: gaps.list }
}

async function fromProc(host: Host, gaps: Gaps): Promise<Fact<'os'>> {
  const kernel = textOf(await host.readFile('/proc/sys/kernel/osrelease'), '/proc/sys/kernel/osrelease')
  const release = await gaps.part('os.name', () => readRelease(host, gaps))
  // without a release file it is still a Linux
  return { platform: host.platform, name: 'Linux', ...release, kernel }
}

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
