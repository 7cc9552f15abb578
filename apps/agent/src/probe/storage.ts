import type { Fact } from '@tradewind/protocol'
import { wholeDisk } from '../host/disks'
import { type Host, HostError, hasProc } from '../host/host'
import { type Mount, mountOf, parseMountinfo } from '../host/mounts'
import { Gaps, type Probe, present, readRate } from './gaps'
import { readWear } from './wear'

type Kind = NonNullable<Fact<'storage'>['kind']>

export const probeStorage: Probe<'storage'> = async (host) => {
  const gaps = new Gaps()
  const { totalBytes, freeBytes } = await host.statFilesystem(host.dataDir)
  const mount = findMount(host)
  const filesystem = await gaps.part('storage.filesystem', async () => (await mount).filesystem)
  const disk = mount.then((found) => diskOf(host, found))
  const kind = await gaps.part('storage.kind', async () => readKind(host, await disk))
  const readBytesPerSecond = await gaps.part('storage.readBytesPerSecond', () => readRate(host, 'read-speed'))
  const wear = kind && (await gaps.part('storage.wear', async () => readWear(host, await disk, kind)))
  const parts = present({ readBytesPerSecond, wear })
  return { fact: { path: host.dataDir, filesystem, kind, totalBytes, freeBytes, ...parts }, unreadable: gaps.list }
}

async function findMount(host: Host): Promise<Mount> {
  if (!hasProc(host)) throw new HostError('unsupported', `no way to list mounts on ${host.platform}`)
  const mount = mountOf(parseMountinfo(await host.readFile('/proc/self/mountinfo')), host.dataDir)
  if (!mount) throw new HostError('garbled', `/proc/self/mountinfo: nothing holds ${host.dataDir}`)
  return mount
}

async function diskOf(host: Host, mount: Mount): Promise<string> {
  const name = await deviceName(host, mount)
  const disk = wholeDisk(await belowMapper(host, name))
  if (!disk) throw new HostError('unsupported', `${mount.source} (${name}) is on no disk that can be seen`)
  return disk
}

async function readKind(host: Host, disk: string): Promise<Kind> {
  const read = async (file: string) => (await host.readFile(`/sys/block/${disk}/${file}`)).trim()
  if (disk.startsWith('nvme')) return 'nvme'
  if (/^x?vd/.test(disk)) return 'virtual'
  if (disk.startsWith('mmcblk')) return cardKind(await read('device/type'), disk)
  if (/^(QEMU|VMware|Msft|VBOX|Google|Xen)/i.test(await read('device/vendor').catch(() => ''))) return 'virtual'
  return spinKind(await read('queue/rotational'), disk)
}

function cardKind(type: string, disk: string): Kind {
  if (type === 'SD') return 'sd-card'
  if (type === 'MMC') return 'emmc'
  throw new HostError('garbled', `/sys/block/${disk}/device/type: ${type.slice(0, 40)}`)
}

function spinKind(rotational: string, disk: string): Kind {
  if (rotational === '0') return 'ssd'
  if (rotational === '1') return 'hdd'
  throw new HostError('garbled', `/sys/block/${disk}/queue/rotational: ${rotational.slice(0, 40)}`)
}

/** The kernel knows the device by number where the mount only says /dev/root; btrfs has only the source. */
async function deviceName(host: Host, { device, filesystem, source }: Mount): Promise<string> {
  if (!device.startsWith('0:')) {
    const uevent = await host.readFile(`/sys/dev/block/${device}/uevent`).catch(() => '')
    const name = /^DEVNAME=([\w-]+)$/m.exec(uevent)?.[1]
    if (name) return name
  }
  const name = /^\/dev\/([\w-]+)$/.exec(source)?.[1]
  if (!name) throw new HostError('unsupported', `${filesystem} does not say which disk it is on (${source})`)
  return name
}

/** Encrypted and logical volumes (dm-0) sit on other devices, which may be such volumes themselves. */
async function belowMapper(host: Host, name: string, depth = 0): Promise<string> {
  if (!name.startsWith('dm-') || depth > 8) return name
  const [below] = await host.readDir(`/sys/block/${name}/slaves`)
  return below ? belowMapper(host, below, depth + 1) : name
}
