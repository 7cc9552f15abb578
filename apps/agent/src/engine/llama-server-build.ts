import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { readIfThere, writeWhole } from '@tradewind/disk'
import { findProgram } from './find-program'
import { commitOfBundle, type EngineVersion, percentOf, type Recipe, recipeFor, versionOf } from './llama-server-recipe'

export type BuildOrder = {
  /** git bundle of llama.cpp's source */
  bundle: string
  /** where engines are kept, a folder for each */
  engines: string
  /** `<platform>-<arch>`; the machine's own by default */
  target?: string
  /** more flags for cmake, such as `-DGGML_CUDA=ON` */
  extra?: string[]
  /** compilers at the same time */
  jobs?: number
  tell: (line: string) => void
  signal?: AbortSignal
}

/** What is written beside an engine, as `engine.json`. */
export type EngineRecord = {
  commit: string
  target: string
  flags: string[]
  /** the processor that a native build was made for: it may use no other's instructions */
  processor: string
  version: EngineVersion | null
  sha256: string
  compiler: string
  seconds: number
}

export type BuiltEngine = { program: string; record: EngineRecord }

export class EngineBuildError extends Error {
  constructor(
    readonly code: 'source-missing' | 'target-unknown' | 'tools-missing' | 'build-failed' | 'does-not-run' | 'aborted',
    message: string,
    readonly next: string,
  ) {
    super(message)
  }
}

/** Where engines are kept unless `TRADEWIND_ENGINES` says otherwise. */
export const defaultEngines = path.join(os.homedir(), '.cache/tradewind/engines')

/** The source that the npm package node-llama-cpp carries. Throws `EngineBuildError`: `source-missing`. */
export function carriedSource(from: string = import.meta.url): string {
  try {
    return path.join(path.dirname(createRequire(from).resolve('node-llama-cpp')), '../llama/gitRelease.bundle')
  } catch {
    throw new EngineBuildError(
      'source-missing',
      'llama.cpp’s source is not here: it comes with the npm package node-llama-cpp.',
      'Build the engine on another machine (`tradewind-agent engine build --target linux-arm64`) and copy its folder.',
    )
  }
}

/**
 * Builds llama-server, unless the same one is there already. The folder of an engine appears whole or not at all.
 * Throws `EngineBuildError`.
 */
export async function buildLlamaServer(order: BuildOrder): Promise<BuiltEngine> {
  const here = { platform: process.platform, arch: process.arch }
  const target = order.target ?? `${here.platform}-${here.arch}`
  const recipe = recipeFor(target, here, order.extra)
  if (!recipe)
    throw new EngineBuildError(
      'target-unknown',
      `${target} cannot be built on ${here.platform}-${here.arch}.`,
      'Build it there.',
    )
  const commit = await readCommit(order.bundle)
  const folder = path.join(order.engines, folderName(commit, recipe, order.extra))
  const there = await readEngine(folder)
  if (there && isSame(there.record, commit, recipe)) return there
  await findNeeds(recipe)
  await mkdir(order.engines, { recursive: true })
  await sweep(order.engines)
  const work = path.join(order.engines, `.${process.pid}-${path.basename(folder)}`)
  try {
    const record = await new Workshop(order, work).make(commit, recipe)
    await rm(folder, { recursive: true, force: true })
    await rename(path.join(work, 'engine'), folder)
    await syncFolder(order.engines)
    return { program: path.join(folder, 'llama-server'), record }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** The engine in a folder, or null when there is no whole one. */
export async function readEngine(folder: string): Promise<BuiltEngine | null> {
  const text = await readIfThere(path.join(folder, 'engine.json'))
  const program = path.join(folder, 'llama-server')
  if (!text || !(await findProgram(program))) return null
  return { program, record: JSON.parse(text) as EngineRecord }
}

/** An engine for this machine among those that were built, made for its processor; null when there is none. */
export async function findLlamaServer(engines: string = defaultEngines): Promise<BuiltEngine | null> {
  const target = `${process.platform}-${process.arch}`
  const names = await readdir(engines).catch(() => [])
  for (const name of names.filter((one) => !one.startsWith('.'))) {
    const engine = await readEngine(path.join(engines, name))
    if (engine && engine.record.target === target && runsHere(engine.record)) return engine
  }
  return null
}

const processor = () => os.cpus()[0]?.model ?? 'unknown'
const isNative = ({ flags }: Pick<Recipe, 'flags'>) => flags.includes('-DGGML_NATIVE=ON')
const runsHere = (record: EngineRecord) => !isNative(record) || record.processor === processor()

const isSame = (record: EngineRecord, commit: string, recipe: Recipe) =>
  record.commit === commit && JSON.stringify(record.flags) === JSON.stringify(recipe.flags) && runsHere(record)

function folderName(commit: string, { target }: Recipe, extra: string[] = []): string {
  const variation = extra.length ? `-${createHash('sha256').update(extra.join('\n')).digest('hex').slice(0, 8)}` : ''
  return `${commit.slice(0, 7)}-${target}${variation}`
}

/** What one build does, in a folder of its own that its caller removes. */
class Workshop {
  #source: string
  #build: string
  #engine: string

  constructor(
    private order: BuildOrder,
    work: string,
  ) {
    this.#source = path.join(work, 'source')
    this.#build = path.join(work, 'build')
    this.#engine = path.join(work, 'engine')
  }

  async make(commit: string, recipe: Recipe): Promise<EngineRecord> {
    const began = Date.now()
    const { bundle, tell, jobs = os.availableParallelism() } = this.order
    tell(`llama.cpp ${commit.slice(0, 7)} for ${recipe.target}: unpacking the source`)
    await this.#run('git', ['clone', '--quiet', bundle, this.#source])
    tell('configuring')
    const said = await this.#run('cmake', ['-S', this.#source, '-B', this.#build, ...recipe.flags])
    tell(`compiling, ${jobs} at a time`)
    await this.#compile(jobs)
    const program = path.join(this.#engine, 'llama-server')
    await mkdir(this.#engine)
    await copyFile(path.join(this.#build, 'bin/llama-server'), program)
    await chmod(program, 0o755)
    const version = await this.#check(program, recipe)
    const record: EngineRecord = {
      commit,
      target: recipe.target,
      flags: recipe.flags,
      processor: processor(),
      version,
      sha256: await sha256Of(program),
      compiler: /The CXX compiler identification is (.*)/.exec(said)?.[1] ?? 'unknown',
      seconds: Math.round((Date.now() - began) / 1000),
    }
    await syncFile(program)
    await writeWhole(path.join(this.#engine, 'engine.json'), `${JSON.stringify(record, null, 2)}\n`)
    return record
  }

  /** Tells each tenth of the way once. */
  async #compile(jobs: number) {
    let told = 0
    await this.#run(
      'cmake',
      ['--build', this.#build, '--target', 'llama-server', '--parallel', String(jobs)],
      (line) => {
        const percent = percentOf(line)
        if (percent === null || percent < told + 10) return
        told = percent - (percent % 10)
        this.order.tell(`compiling: ${percent} %`)
      },
    )
  }

  /** Null when there is nothing on this machine that could run it. */
  async #check(program: string, { runner }: Recipe): Promise<EngineVersion | null> {
    const [command, ...args] = [...(runner ?? []), program]
    if (!runner || !command || !(await findProgram(command))) {
      this.order.tell('not run: nothing here runs programs for that target')
      return null
    }
    const version = versionOf(await this.#run(command, [...args, '--version']))
    if (version) return version
    throw new EngineBuildError('does-not-run', 'The engine was built but does not say its version.', 'Tell us, please.')
  }

  /** Everything it said. Throws `EngineBuildError` with its last lines when it fails. */
  async #run(command: string, args: string[], onLine: (line: string) => void = () => {}): Promise<string> {
    const { signal } = this.order
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const end = () => endGroup(child)
    signal?.addEventListener('abort', end, { once: true })
    if (signal?.aborted) end()
    const lines: string[] = []
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        onLine(line)
      })
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', (error) => lines.push(error.message))
      child.once('close', resolve)
    })
    signal?.removeEventListener('abort', end)
    if (signal?.aborted)
      throw new EngineBuildError('aborted', 'The build was stopped.', 'Start it again when you like.')
    if (code === 0) return lines.join('\n')
    const trouble = lines.slice(-20).join('\n')
    throw new EngineBuildError('build-failed', `${command} ended with ${code}:\n${trouble}`, 'See the lines above.')
  }
}

/** The compiler's processes are of its group. */
function endGroup({ pid }: ChildProcess) {
  try {
    if (pid) process.kill(-pid, 'SIGTERM')
  } catch {
    // it is gone
  }
}

async function readCommit(bundle: string): Promise<string> {
  const head = await firstBytes(bundle, 4096).catch(() => '')
  const commit = commitOfBundle(head)
  if (commit) return commit
  throw new EngineBuildError(
    'source-missing',
    `${bundle} is no git bundle of llama.cpp.`,
    'Install the packages again: npx pnpm@12.21.0 install',
  )
}

async function firstBytes(file: string, most: number): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function findNeeds({ needs }: Recipe) {
  const missing = []
  for (const need of needs) if (!(await findProgram(need.program))) missing.push(need)
  if (missing.length === 0) return
  const names = missing.map(({ program }) => program).join(', ')
  const next =
    process.platform === 'darwin'
      ? 'Install them: xcode-select --install; brew install cmake'
      : `Install them: sudo apt-get install -y ${missing.map(({ debian }) => debian).join(' ')}`
  throw new EngineBuildError('tools-missing', `Building llama-server needs ${names}, not found here.`, next)
}

/** Removes what builds that were killed have left. */
async function sweep(engines: string) {
  for (const name of await readdir(engines)) {
    const pid = Number(/^\.(\d+)-/.exec(name)?.[1] ?? Number.NaN)
    if (Number.isNaN(pid) || isAlive(pid)) continue
    await rm(path.join(engines, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file)) hash.update(piece)
  return hash.digest('hex')
}

async function syncFile(file: string) {
  const handle = await open(file, 'r+')
  await handle.sync().finally(() => handle.close())
}

async function syncFolder(folder: string) {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
