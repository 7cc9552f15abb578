import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { type Capabilities, EngineError, type EngineFailure, type Generation, type Load, type Piece } from './engine'
import { findProgram } from './find-program'
import { type EngineVersion, leastBuildOf, versionOf } from './llama-server-recipe'
import { failureOf, lost, piecesOf } from './openai-server-answer'
import { freePort, ServerChild } from './openai-server-child'
import { ask, brokenBy, isThere, look, type Place, textOf } from './openai-server-http'
import type { Profile } from './openai-server-profiles'
import { bodyOf, checkRequest, type Learned } from './openai-server-request'
import type { Exit, Process, Runtime } from './runtime'

/** A server that is started and ended by us. */
export type Started = {
  profile: Profile
  /** instead of the profile's program on the PATH */
  program?: string
  /** after those of the profile, which they may overrule */
  extraArgs?: string[]
  /** the engine's build number that a build of the catalogue asks for; null: any */
  minimumBuild?: (build: string) => number | null
  /** what else speaks against a load, such as a file that is no model */
  checkFiles?: (load: Load) => Promise<EngineFailure | null>
}

/** A server that somebody else runs. What it holds is not asked: it is taken to be the build. */
export type Attached = {
  profile: Profile
  url: string
  key?: string
  /** between two looks whether it is there, in milliseconds */
  lookMs?: number
}

/** A `Runtime` that keeps its weights in a server which speaks OpenAI's chat completions. */
export const openAiServer = (options: Started | Attached): Runtime =>
  'url' in options ? attachedRuntime(options) : startedRuntime(options)

function startedRuntime({ profile, extraArgs = [], ...options }: Started): Runtime {
  const program = options.program ?? profile.program
  return {
    name: profile.name,
    async check(load) {
      if (!(await findProgram(program))) return { code: 'engine-missing', detail: { program } }
      const unsupported = slotsRefusal(profile, load) ?? (await buildRefusal(profile, program, options, load))
      return unsupported ?? (await options.checkFiles?.(load)) ?? null
    },
    start: (load) => new StartedServer(profile, program, extraArgs, load),
  }
}

function attachedRuntime({ profile, url, key, lookMs = 5_000 }: Attached): Runtime {
  const place = { url, key: key ?? null }
  return {
    name: profile.name,
    async check(load) {
      if (await look(place, profile.readyPath)) return slotsRefusal(profile, load)
      return { code: 'engine-missing', detail: { url } }
    },
    start: (load) => new AttachedServer(profile, place, load, lookMs),
  }
}

function slotsRefusal({ name, mostSlots }: Profile, { slots }: Load): EngineFailure | null {
  return slots > mostSlots
    ? { code: 'unsupported', detail: { runtime: name, needSlots: slots, haveSlots: mostSlots } }
    : null
}

/** Null also when the number cannot be known: a build of one's own may be newer than any. */
async function buildRefusal(
  profile: Profile,
  program: string,
  { minimumBuild }: Pick<Started, 'minimumBuild'>,
  { build }: Load,
): Promise<EngineFailure | null> {
  const needBuild = minimumBuild?.(build) ?? null
  if (needBuild === null || profile.name !== 'llama-server') return null
  const version = await versionFrom(program)
  const haveBuild = version && leastBuildOf(version)
  if (haveBuild === null || haveBuild >= needBuild) return null
  return { code: 'unsupported', detail: { program, needBuild, haveBuild } }
}

const run = promisify(execFile)

/** What `--version` of a llama-server says, or null. */
export async function versionFrom(program: string): Promise<EngineVersion | null> {
  try {
    const { stdout, stderr } = await run(program, ['--version'], { timeout: 10_000 })
    return versionOf(`${stdout}${stderr}`)
  } catch {
    return null
  }
}

/** What both kinds share: where the server is, and how it is asked. */
abstract class Server implements Process {
  abstract readonly pid: number | null
  abstract readonly ready: Promise<Capabilities>
  abstract readonly ended: Promise<Exit>
  abstract stop(patienceMs: number): Promise<void>
  abstract lastLines(most: number): string[]
  protected capabilities: Capabilities | null = null
  #learned: Learned = { model: '', thoughtToken: null }

  constructor(
    protected profile: Profile,
    protected load: Load,
  ) {}

  protected abstract place: Promise<Place>

  async *generate(request: Generation, signal: AbortSignal): AsyncGenerator<Piece> {
    if (!this.capabilities) throw new EngineError('not-ready', 'The engine is still loading.')
    checkRequest(request, this.capabilities)
    const askedAt = performance.now()
    const body = bodyOf(request, this.profile, this.#learned)
    const answer = await ask(await this.place, '/v1/chat/completions', body, signal)
    try {
      if (answer.statusCode !== 200) throw failureOf(answer.statusCode ?? 500, await textOf(answer))
      const contentType = answer.headers['content-type'] ?? 'nothing'
      if (!contentType.startsWith('text/event-stream')) throw lost('The engine does not stream.', { contentType })
      yield* piecesOf(answer, askedAt, () => performance.now())
    } catch (error) {
      throw brokenBy(error, signal)
    } finally {
      answer.destroy() // which ends the generation
    }
  }

  /** Looks until the server holds its weights, or `isOver`: then it gives null. */
  protected async waitUntilReady(isOver: () => boolean): Promise<Capabilities | null> {
    const place = await this.place
    for (let waitMs = 25; !isOver(); waitMs = Math.min(500, waitMs * 1.5)) {
      if (await look(place, this.profile.readyPath)) {
        this.capabilities = await this.#askWhatItCan(place)
        return this.capabilities
      }
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
    return null
  }

  async #askWhatItCan(place: Place): Promise<Capabilities> {
    const { profile, load } = this
    const models = Models.safeParse(await look(place, '/v1/models')).data?.data ?? []
    const model = profile.model?.(load) ?? models[0]?.id ?? load.build
    this.#learned = { model, thoughtToken: await this.#thoughtToken(place) }
    const props = Props.safeParse(await look(place, '/props')).data
    const hears = profile.hears === 'by-itself' || (profile.hears === 'with-projector' && load.projectorPath !== null)
    return {
      runtime: await this.#runtime(place, props?.build_info),
      build: load.build,
      hears: props?.modalities?.audio ?? hears,
      streams: true,
      schema: profile.schema,
      slots: props?.total_slots ?? Math.min(load.slots, profile.mostSlots),
      contextTokens: props?.default_generation_settings?.n_ctx ?? models[0]?.max_model_len ?? load.contextTokens,
      warnings: profile.warnings,
    }
  }

  async #thoughtToken(place: Place): Promise<number | null> {
    const content = this.profile.thoughtToken
    if (content === null) return null
    const { tokens = [] } =
      Tokens.safeParse(await look(place, '/tokenize', { content, parse_special: true })).data ?? {}
    return tokens.length === 1 ? (tokens[0] ?? null) : null
  }

  /** `b9297-abcdef0` is what llama-server says of itself over HTTP. */
  async #runtime(place: Place, buildInfo = ''): Promise<Capabilities['runtime']> {
    const { name } = this.profile
    const [, build, commit] = /^(b\d+)-([0-9a-f]{7,40})$/.exec(buildInfo) ?? []
    if (build && commit) return { name, version: (await this.version())?.version ?? build, commit }
    const version = name === 'vllm' ? Version.safeParse(await look(place, '/version')).data?.version : undefined
    return { name, version: version ?? 'unknown', commit: null }
  }

  protected version(): Promise<EngineVersion | null> {
    return Promise.resolve(null)
  }
}

const Models = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.number().int().positive().nullish() })),
})
const Props = z.object({
  build_info: z.string().optional(),
  total_slots: z.number().int().positive().optional(),
  modalities: z.object({ audio: z.boolean() }).optional(),
  default_generation_settings: z.object({ n_ctx: z.number().int().positive() }).optional(),
})
const Tokens = z.object({ tokens: z.array(z.number().int()) })
const Version = z.object({ version: z.string() })

class StartedServer extends Server {
  readonly ready: Promise<Capabilities>
  readonly ended: Promise<Exit>
  protected readonly place: Promise<Place>
  #child: ServerChild | null = null
  #isStopped = false

  constructor(
    profile: Profile,
    private program: string,
    extraArgs: string[],
    load: Load,
  ) {
    super(profile, load)
    // nobody else on this machine, and no page in a browser, may use the weights past the agent's own door
    const key = profile.keyVariable === null ? null : randomBytes(24).toString('base64url')
    const started = freePort().then((port) => {
      const { NODE_OPTIONS: _, ...rest } = process.env
      const env = key === null ? rest : { ...rest, [`${profile.keyVariable}`]: key }
      const args = [...profile.args(load, port), ...extraArgs]
      const prepare = profile.prepare?.(load) ?? null
      if (this.#isStopped) throw lost('The engine was stopped before it began.')
      this.#child = new ServerChild({ program, args, prepare, env })
      return { child: this.#child, place: { url: `http://127.0.0.1:${port}`, key } }
    })
    this.place = started.then(({ place }) => place)
    this.ended = started.then(
      ({ child }) => child.ended,
      () => ({ code: null, signal: null, said: null }),
    )
    this.ready = started.then(({ child }) => this.#becomeReady(child))
    for (const promise of [this.place, this.ready]) promise.catch(() => {})
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  lastLines = (most: number): string[] => this.#child?.lastLines(most) ?? []

  async stop(patienceMs: number): Promise<void> {
    this.#isStopped = true
    await this.#child?.stop(patienceMs)
    await this.ended
  }

  protected override version(): Promise<EngineVersion | null> {
    return versionFrom(this.program)
  }

  async #becomeReady(child: ServerChild): Promise<Capabilities> {
    const capabilities = await this.waitUntilReady(() => child.hasEnded)
    if (capabilities) return capabilities
    const { said } = await child.ended
    const last = child.lastLines(1)[0] ?? 'it said nothing'
    throw new EngineError(
      said?.code ?? 'ended',
      `${this.profile.name} ended before it was ready: ${last}`,
      said?.detail,
    )
  }
}

/** In how many looks on end a server of somebody else's may be missing: its own restart is no end. */
const mostMissed = 3

class AttachedServer extends Server {
  readonly pid = null
  readonly ready: Promise<Capabilities>
  readonly ended: Promise<Exit>
  protected readonly place: Promise<Place>
  #hasEnded = false
  #end: (exit: Exit) => void = () => {}
  #timer: NodeJS.Timeout

  constructor(profile: Profile, at: Place, load: Load, lookMs: number) {
    super(profile, load)
    this.place = Promise.resolve(at)
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.ready = this.waitUntilReady(() => this.#hasEnded).then((capabilities) => {
      if (capabilities) return capabilities
      throw new EngineError('ended', `${profile.name} at ${at.url} is not there.`)
    })
    this.ready.catch(() => {})
    let missed = 0
    this.#timer = setInterval(async () => {
      missed = !this.capabilities || (await isThere(at, profile.readyPath)) ? 0 : missed + 1
      if (missed >= mostMissed) this.#finish({ code: 'ended', detail: { url: at.url } })
    }, lookMs)
    this.#timer.unref()
  }

  lastLines = (): string[] => []

  /** It goes on without us. */
  async stop(): Promise<void> {
    this.#finish(null)
  }

  #finish(said: EngineFailure | null) {
    this.#hasEnded = true
    clearInterval(this.#timer)
    this.#end({ code: null, signal: null, said })
  }
}
