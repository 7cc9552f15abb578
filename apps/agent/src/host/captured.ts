import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { filesAt } from './files'
import { type Host, HostError, type Inventory, type Measurement, type Program, type UnreadableCode } from './host'

/**
 * A host replayed from a folder:
 * `files/<absolute path>` with `:` written as %3A, `commands/<name>.json`, `filesystem.json`, `inventory.json` and
 * `host.json`, which also says what could not be read there (`unreadable`) and what never answered (`hanging`): by
 * path, by command with or without its arguments, or as `filesystem`, `addresses`, `programs`, `inventory`,
 * `inventory <section>`, `measured <what>`.
 */
export async function capturedHost(folder: string): Promise<Host> {
  const [captured, filesystem, inventory] = await Promise.all([
    readJson<Captured>(folder, 'host.json'),
    readJson<Awaited<ReturnType<Host['statFilesystem']>>>(folder, 'filesystem.json').catch(absent),
    readJson<Partial<Inventory>>(folder, 'inventory.json').catch(absent),
  ])
  const { platform, machine, hostname, dataDir, prefix } = captured
  const { unreadable = {}, hanging = [], uptimeMs, bootId, agentRssBytes } = captured
  const { addresses, programs, measured, vitals } = captured
  const files = filesAt((asked) => path.join(folder, 'files', asked.replaceAll(':', '%3A')))

  const answer = async <T>(asked: string, value: () => Promise<T> | T): Promise<T> => {
    if (hanging.includes(asked)) return new Promise<never>(() => {})
    const code = unreadable[asked]
    if (code) throw new HostError(code, asked)
    return value()
  }
  const known = <T>(asked: string, value: T | undefined): T => {
    if (value === undefined) throw new HostError('not-present', asked)
    return value
  }

  return {
    platform,
    machine,
    hostname,
    dataDir,
    prefix,
    readFile: (asked) => answer(asked, () => files.readFile(asked)),
    readDir: (asked) =>
      answer(asked, async () => (await files.readDir(asked)).map((name) => name.replaceAll('%3A', ':'))),
    run: (command, args) =>
      answer(command, () => answer([command, ...args].join(' '), () => replay(folder, command, args))),
    statFilesystem: (asked) => answer('filesystem', () => known(`statfs ${asked}`, filesystem)),
    addresses: () => answer('addresses', () => known('addresses', addresses)),
    inventory: (section) =>
      answer('inventory', () =>
        answer(`inventory ${section}`, () => known(`inventory ${section}`, inventory?.[section])),
      ) as never,
    measured: (what) => answer(`measured ${what}`, () => known(`${what} was not measured`, measured?.[what])),
    largestPrograms: () => answer('programs', () => known('programs', programs)),
    uptimeMs: () => uptimeMs,
    bootId: () => bootId,
    vitals: () => vitals ?? {},
    agentRssBytes: () => agentRssBytes,
  }
}

export type Captured = Pick<Host, 'platform' | 'machine' | 'hostname' | 'dataDir' | 'prefix'> & {
  uptimeMs: number
  bootId: string
  agentRssBytes: number
  addresses?: Record<string, string[]>
  programs?: Program[]
  measured?: Partial<Record<Measurement, number>>
  vitals?: ReturnType<Host['vitals']>
  unreadable?: Record<string, UnreadableCode>
  hanging?: string[]
}

async function replay(folder: string, command: string, args: string[]): Promise<string> {
  const line = [command, ...args].join(' ')
  const runs = await readJson<{ args: string[]; stdout: string; exit: number }[]>(
    folder,
    `commands/${command}.json`,
  ).catch(absent)
  const run = runs?.find((one) => one.args.join(' ') === args.join(' '))
  if (!run) throw new HostError('not-present', `${line}: no such command`)
  if (run.exit !== 0) throw new HostError('failed', `${line}: exit ${run.exit}`)
  return run.stdout
}

const readJson = async <T>(folder: string, name: string): Promise<T> =>
  JSON.parse(await readFile(path.join(folder, name), 'utf8')) as T

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
