import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Captured } from './captured'
import { type Host, HostError, type Inventory, type Measurement, type UnreadableCode } from './host'

type Run = { args: string[]; stdout: string; exit: number }

/**
 * The host, and a memory of what it answered: the first answer to each question counts. `save` writes it into a folder
 * that `capturedHost` replays.
 */
export function recording(host: Host): { host: Host; save(folder: string): Promise<void> } {
  const memory = new Memory()
  const recorded: Host = {
    ...host,
    readFile: (file) => memory.listen('file', file, host.readFile(file)),
    readDir: (folder) => memory.listen('folder', folder, host.readDir(folder)),
    run: (command, args, limit) => memory.listen('run', [command, ...args].join(' '), host.run(command, args, limit)),
    statFilesystem: (folder) => memory.listen('whole', 'filesystem', host.statFilesystem(folder)),
    addresses: () => memory.listen('whole', 'addresses', host.addresses()),
    inventory: (section) => memory.listen('whole', `inventory ${section}`, host.inventory(section)),
    measured: (what) => memory.listen('whole', `measured ${what}`, host.measured(what)),
    largestPrograms: () => memory.listen('whole', 'programs', host.largestPrograms()),
  }
  return { host: recorded, save: (folder) => save(host, memory, folder) }
}

type Kind = 'file' | 'folder' | 'run' | 'whole'

class Memory {
  readonly refused = new Map<string, UnreadableCode>()
  readonly waiting = new Set<string>()
  readonly #said: Record<Kind, Map<string, unknown>> = {
    file: new Map(),
    folder: new Map(),
    run: new Map(),
    whole: new Map(),
  }

  said<T>(kind: Kind): Map<string, T> {
    return this.#said[kind] as Map<string, T>
  }

  async listen<T>(kind: Kind, asked: string, work: Promise<T>): Promise<T> {
    const said = this.said<T>(kind)
    this.waiting.add(asked)
    try {
      const answer = await work
      if (!said.has(asked) && !this.refused.has(asked)) said.set(asked, answer)
      return answer
    } catch (error) {
      if (!said.has(asked)) this.refused.set(asked, error instanceof HostError ? error.code : 'failed')
      throw error
    } finally {
      this.waiting.delete(asked)
    }
  }
}

async function save(host: Host, memory: Memory, folder: string) {
  const whole = memory.said<unknown>('whole')
  const folders = memory.said<string[]>('folder')
  const files = filesOf(memory.said<string>('file'), folders)
  const inventory = sectionsOf<Inventory>(whole, 'inventory')
  const measured = sectionsOf<Record<Measurement, number>>(whole, 'measured')
  for (const at of folders.keys()) await mkdir(placeOf(folder, at), { recursive: true })
  for (const [at, text] of files) await write(placeOf(folder, at), text)
  for (const [command, runs] of runsOf(memory.said<string>('run')))
    await writeJson(folder, `commands/${command}.json`, runs)
  if (Object.keys(inventory).length > 0) await writeJson(folder, 'inventory.json', inventory)
  if (whole.has('filesystem')) await writeJson(folder, 'filesystem.json', whole.get('filesystem'))
  // what is not there needs no word, unless its folder lists it
  const unreadable = [...memory.refused].filter(([asked, code]) => code !== 'not-present' || files.has(asked))
  await writeJson(folder, 'host.json', {
    ...identityOf(host),
    addresses: whole.get('addresses') as Captured['addresses'],
    programs: whole.get('programs') as Captured['programs'],
    ...(Object.keys(measured).length > 0 ? { measured } : {}),
    ...(unreadable.length > 0 ? { unreadable: Object.fromEntries(unreadable) } : {}),
    ...(memory.waiting.size > 0 ? { hanging: [...memory.waiting] } : {}),
  } satisfies Captured)
}

function identityOf(host: Host): Captured {
  const { platform, machine, hostname, dataDir, prefix } = host
  return {
    platform,
    machine,
    hostname,
    dataDir,
    ...(prefix === undefined ? {} : { prefix }),
    uptimeMs: Math.round(host.uptimeMs()),
    bootId: host.bootId(),
    agentRssBytes: host.agentRssBytes(),
    vitals: host.vitals(),
  }
}

/** The files that were read, and an empty one for each name that was only seen in its folder. */
function filesOf(read: Map<string, string>, folders: Map<string, string[]>): Map<string, string> {
  const asked = [...read.keys(), ...folders.keys()]
  const seen = [...folders].flatMap(([folder, names]) => names.map((name) => `${folder}/${name}`))
  const isFolder = (at: string) => folders.has(at) || asked.some((other) => other.startsWith(`${at}/`))
  return new Map([...seen.filter((at) => !isFolder(at)).map((at) => [at, ''] as const), ...read])
}

function runsOf(lines: Map<string, string>): Map<string, Run[]> {
  const runs = new Map<string, Run[]>()
  for (const [line, stdout] of lines) {
    const [command = '', ...args] = line.split(' ')
    runs.set(command, [...(runs.get(command) ?? []), { args, exit: 0, stdout }])
  }
  return runs
}

/** The answers to `<of> <section>`, by section. */
function sectionsOf<T>(whole: Map<string, unknown>, of: string): Partial<T> {
  const own = [...whole].filter(([asked]) => asked.startsWith(`${of} `))
  return Object.fromEntries(own.map(([asked, answer]) => [asked.slice(of.length + 1), answer])) as Partial<T>
}

const placeOf = (folder: string, at: string) => path.join(folder, 'files', at.replaceAll(':', '%3A'))

async function write(file: string, text: string) {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
}

const writeJson = (folder: string, name: string, value: unknown) =>
  write(path.join(folder, name), `${JSON.stringify(value, null, 2)}\n`)
