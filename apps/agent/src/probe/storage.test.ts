import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { capturedHost } from '../host/captured'
import { HostError } from '../host/host'
import { probeStorage } from './storage'

const pi = fileURLToPath(new URL('../../../../test/fixtures/hosts/pi-5-4gb', import.meta.url))

/** A Pi whose mounts, block devices and folders are these. */
async function storageOf(mounts: string[], files: Record<string, string> = {}, dataDir = '/var/lib/tradewind') {
  const host = await capturedHost(pi)
  const all: Record<string, string> = { '/proc/self/mountinfo': `${mounts.join('\n')}\n`, ...files }
  const readFile = async (file: string) => {
    const text = all[file]
    if (text === undefined) throw new HostError('not-present', file)
    return text
  }
  const readDir = async (folder: string) => {
    const below = Object.keys(all).filter((file) => path.dirname(file) === folder)
    return below.map((file) => path.basename(file))
  }
  const { fact, unreadable } = await probeStorage({ ...host, dataDir, readFile, readDir })
  const ofItself = unreadable
    .filter(({ fact }) => /filesystem|kind/.test(fact))
    .map(({ fact, code }) => `${fact} ${code}`)
  return { filesystem: fact?.filesystem, kind: fact?.kind, gaps: ofItself }
}

const root = (device: string, filesystem: string, source: string) =>
  `27 1 ${device} / / rw,noatime shared:1 - ${filesystem} ${source} rw`

describe('the disk below the data folder', () => {
  it('is found by number where the mount says only /dev/root', async () => {
    const found = await storageOf([root('179:2', 'ext4', '/dev/root')], {
      '/sys/dev/block/179:2/uevent': 'DEVNAME=mmcblk0p2\n',
      '/sys/block/mmcblk0/device/type': 'MMC\n',
    })
    expect(found).toEqual({ filesystem: 'ext4', kind: 'emmc', gaps: [] })
  })

  it('is the one of the longest mount point, and only whole names count', async () => {
    const mounts = [
      root('8:1', 'ext4', '/dev/sda1'),
      '30 27 8:17 / /var/lib rw - xfs /dev/sdb1 rw',
      '31 27 8:33 / /var/lib/trade rw - vfat /dev/sdc1 rw',
    ]
    const files = { '/sys/block/sdb/queue/rotational': '1\n' }
    expect(await storageOf(mounts, files)).toEqual({ filesystem: 'xfs', kind: 'hdd', gaps: [] })
  })

  it('is the later of two mounts on one point', async () => {
    const mounts = [root('8:1', 'ext4', '/dev/sda1'), root('252:1', 'xfs', '/dev/vda1')]
    expect(await storageOf(mounts)).toMatchObject({ filesystem: 'xfs', kind: 'virtual' })
  })

  it('is found below an encrypted logical volume', async () => {
    const found = await storageOf([root('253:1', 'ext4', '/dev/mapper/vg-root')], {
      '/sys/dev/block/253:1/uevent': 'DEVNAME=dm-1\n',
      '/sys/block/dm-1/slaves/dm-0': '',
      '/sys/block/dm-0/slaves/sda3': '',
      '/sys/block/sda/queue/rotational': '0\n',
    })
    expect(found).toEqual({ filesystem: 'ext4', kind: 'ssd', gaps: [] })
  })

  it('is found for btrfs, which hides its number, and for folders with spaces', async () => {
    const mounts = ['30 27 0:40 /@data /mnt/my\\040disk rw - btrfs /dev/nvme0n1p2 rw']
    expect(await storageOf(mounts, {}, '/mnt/my disk/tradewind')).toMatchObject({ filesystem: 'btrfs', kind: 'nvme' })
  })

  it('is virtual when its vendor says so', async () => {
    const files = { '/sys/block/sda/device/vendor': 'QEMU    \n', '/sys/block/sda/queue/rotational': '1\n' }
    expect(await storageOf([root('8:1', 'ext4', '/dev/sda1')], files)).toMatchObject({ kind: 'virtual' })
  })

  it('is not guessed in a container', async () => {
    const found = await storageOf([root('0:50', 'overlay', 'overlay')])
    expect(found).toEqual({ filesystem: 'overlay', kind: undefined, gaps: ['storage.kind unsupported'] })
  })
})
