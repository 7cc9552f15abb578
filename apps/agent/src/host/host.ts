import type { Fact, Unreadable } from '@tradewind/protocol'

export type UnreadableCode = Unreadable['code']

/** Why the host did not answer; `message` says what was tried. */
export class HostError extends Error {
  readonly name = 'HostError'
  constructor(
    readonly code: UnreadableCode,
    tried: string,
  ) {
    super(tried)
  }
}

/** What never changes while the agent runs. */
export type Identity = {
  readonly platform: Fact<'os'>['platform']
  /** as the kernel names it: x86_64, aarch64 */
  readonly machine: string
  readonly hostname: string
  /** the folder that the agent keeps its data in, symbolic links resolved; it must exist */
  readonly dataDir: string
  /** PREFIX of the environment, where programs are installed: how Termux is told from Android itself */
  readonly prefix?: string
}

/** Every ability throws a `HostError` when it cannot answer. */
export type Files = {
  /** The whole text, at most `maxFileBytes`. */
  readFile(path: string): Promise<string>
  /** The names in a folder, sorted. */
  readDir(path: string): Promise<string[]>
}
export const maxFileBytes = 1024 * 1024

export type Commands = {
  /** What the command printed, at most `maxFileBytes`; no shell; killed after `timeoutMs`. A non-zero exit throws. */
  run(command: string, args: string[], limit: { timeoutMs: number }): Promise<string>
}

export type Filesystems = {
  /** Bytes of the filesystem that holds `path`; `freeBytes` excludes what is reserved for root. */
  statFilesystem(path: string): Promise<{ totalBytes: number; freeBytes: number }>
}

export type Interfaces = {
  /** The addresses of every interface that is up. */
  addresses(): Promise<Record<string, string[]>>
}

export type Inventories = {
  /** What the inventory library makes of this host. Slow: for what the host's files do not say. */
  inventory<S extends keyof Inventory>(section: S): Promise<Inventory[S]>
}
export type Inventory = {
  /** `speedMax` in GHz, 0 when unknown; `flags` separated by spaces */
  cpu: { manufacturer: string; brand: string; cores: number; physicalCores: number; speedMax: number; flags: string }
  /** bytes */
  mem: { total: number; available: number; swaptotal: number }
  system: { manufacturer: string; model: string; version: string; serial: string }
  osInfo: { distro: string; release: string; kernel: string }
  networkInterfaces: { iface: string; type: string }[]
  /** `percent` of a full charge */
  battery: { hasBattery: boolean; percent: number; isCharging: boolean; acConnected: boolean }
}

export type Clock = {
  /** Milliseconds since the host booted; never goes backwards. */
  uptimeMs(): number
  /** Identifies one boot of the host. */
  bootId(): string
}

export type Vitals = {
  /** Figures that come from system calls, where there is no /proc. What the system does not know is left out. */
  vitals(): { load1?: number; memAvailableBytes?: number; cpuMs?: { busy: number; idle: number } }
  /** Resident bytes of this process. */
  agentRssBytes(): number
}

export type Measurements = {
  /** Bytes per second that the hardware was measured to do; takes part of a second the first time. */
  measured(what: Measurement): Promise<number>
}
/** `memory-bandwidth`: read plus written. `read-speed`: of the data folder, past the page cache. */
export type Measurement = 'memory-bandwidth' | 'read-speed'

export type Programs = {
  /** The programs that hold most memory, at most eight, the largest first, this one left out. */
  largestPrograms(): Promise<Program[]>
}
/** `name` without path and arguments */
export type Program = { name: string; residentBytes: number }

export type Host = Identity &
  Files &
  Commands &
  Filesystems &
  Interfaces &
  Inventories &
  Measurements &
  Programs &
  Clock &
  Vitals

/** Linux and what is built on its kernel answer through /proc and /sys. */
export const hasProc = ({ platform }: Identity) => platform === 'linux' || platform === 'android'

/** The answer of `work`, or `timed-out`. The work itself cannot be stopped: it is left behind. */
export async function within<T>(ms: number, tried: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HostError('timed-out', `${tried}: no answer within ${ms} ms`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
