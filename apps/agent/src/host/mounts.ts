/** `device` is major:minor; `source` is what was mounted, often /dev/<name>. */
export type Mount = { point: string; device: string; filesystem: string; source: string }

/** `36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/sda1 rw`, spaces in paths written as \040. */
export function parseMountinfo(text: string): Mount[] {
  const lines = [...text.matchAll(/^\d+ \d+ (\d+:\d+) \S+ (\S+) .*?- (\S+) (\S+)/gm)]
  return lines.map(([, device = '', point = '', filesystem = '', source = '']) => ({
    device,
    filesystem,
    source,
    point: point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
  }))
}

/** The longest mount point above the folder; of two on the same point the later one covers the earlier. */
export function mountOf(mounts: Mount[], folder: string): Mount | undefined {
  const holds = ({ point }: Mount) => folder === point || folder.startsWith(point.endsWith('/') ? point : `${point}/`)
  return mounts
    .filter(holds)
    .reduce<Mount | undefined>(
      (best, mount) => (mount.point.length >= (best?.point.length ?? 0) ? mount : best),
      undefined,
    )
}
