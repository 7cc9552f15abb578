import { type ExecFileException, execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import os from 'node:os'
import { type Measuring, measuredIn } from '../measure/measured'
import { filesAt } from './files'
import {
  type Clock,
  type Commands,
  type Files,
  type Filesystems,
  type Host,
  HostError,
  type Inventory,
  maxFileBytes,
  type Program,
} from './host'
import { programsOfProc, programsOfPs } from './programs'

/** The machine that this process runs on. `dataDir` must exist. */
export function localHost(dataDir: string, measuring: Measuring = 'never'): Host {
  const platform = platformOf(process.platform)
  const files = filesAt((path) => path)
  return {
    platform,
    machine: os.machine(),
    hostname: os.hostname(),
    dataDir: realpathSync(dataDir),
    ...(process.env.PREFIX ? { prefix: process.env.PREFIX } : {}),
    ...files,
    run,
    statFilesystem,
    addresses: async () => addressesOf(os.networkInterfaces()),
    inventory,
    ...measuredIn(dataDir, measuring),
    largestPrograms: () => largestPrograms(platform, files),
    ...clockOf(platform),
    vitals: () => vitalsOf(platform),
    agentRssBytes: () => process.memoryUsage.rss(),
  }
}

function platformOf(platform: string): Host['platform'] {
  const known = ['linux', 'android', 'darwin', 'win32'] as const
  return known.find((name) => name === platform) ?? 'other'
}

const run: Commands['run'] = (command, args, { timeoutMs }) =>
  new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: maxFileBytes, windowsHide: true } as const
    execFile(command, args, options, (error, stdout) => {
      if (error) reject(commandError([command, ...args].join(' '), error, timeoutMs))
      else resolve(stdout)
    })
  })

function commandError(line: string, error: ExecFileException, timeoutMs: number) {
  if (error.code === 'ENOENT') return new HostError('not-present', `${line}: no such command`)
  if (error.code === 'EACCES') return new HostError('permission-denied', line)
  if (String(error.code) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return new HostError('too-large', `${line}: printed more than ${maxFileBytes} bytes`)
  if (error.killed) return new HostError('timed-out', `${line}: killed after ${timeoutMs} ms`)
  return new HostError('failed', `${line}: ${error.signal ?? `exit ${error.code}`}`)
}

const statFilesystem: Filesystems['statFilesystem'] = async (path) => {
  const { bsize, blocks, bavail } = await statfs(path).catch((error: NodeJS.ErrnoException) => {
    throw new HostError(error.code === 'ENOENT' ? 'not-present' : 'failed', `statfs ${path}: ${error.code}`)
  })
  return { totalBytes: bsize * blocks, freeBytes: bsize * bavail }
}

const addressesOf = (interfaces: ReturnType<typeof os.networkInterfaces>) =>
  Object.fromEntries(Object.entries(interfaces).map(([name, list]) => [name, list?.map((at) => at.address) ?? []]))

/** Imported only when asked for: an agent on Linux rarely needs it, and it costs several megabytes. */
async function inventory<S extends keyof Inventory>(section: S): Promise<Inventory[S]> {
  const { default: library } = await import('systeminformation')
  const ask: () => Promise<unknown> = library[section]
  return (await ask()) as Inventory[S]
}

async function largestPrograms(platform: Host['platform'], files: Files): Promise<Program[]> {
  if (platform === 'linux' || platform === 'android') return programsOfProc(files)
  if (platform === 'darwin') return programsOfPs({ run }, process.pid)
  throw new HostError('unsupported', `no way to list programs on ${platform}`)
}

function clockOf(platform: Host['platform']): Clock {
  // os.uptime() is CLOCK_BOOTTIME on Linux; elsewhere it is made from the wall clock, which may jump.
  const bootedBefore = os.uptime() * 1000 - performance.now()
  const linux = platform === 'linux' || platform === 'android'
  const id = linux ? kernelBootId() : randomUUID()
  return {
    uptimeMs: linux ? () => os.uptime() * 1000 : () => bootedBefore + performance.now(),
    bootId: () => id,
  }
}

function kernelBootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return randomUUID() // some sandboxes hide it: then every process counts as a boot
  }
}

function vitalsOf(platform: Host['platform']) {
  const cpuMs = { busy: 0, idle: 0 }
  for (const { times } of os.cpus()) {
    cpuMs.busy += times.user + times.nice + times.sys + times.irq
    cpuMs.idle += times.idle
  }
  return {
    // Windows has no load average: Node says 0. macOS counts its caches as used: its free memory means nothing.
    ...(platform === 'win32' ? {} : { load1: os.loadavg()[0] }),
    ...(platform === 'darwin' ? {} : { memAvailableBytes: os.freemem() }),
    ...(cpuMs.idle > 0 ? { cpuMs } : {}),
  }
}
