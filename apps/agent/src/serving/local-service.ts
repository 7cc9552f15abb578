import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Source } from '@tradewind/artifacts/source'
import type { ArtifactStore } from '@tradewind/artifacts/store'
import { readIfThere, writeWhole } from '@tradewind/disk'
import { type BuildMeasured, Measured, type Serving as Served } from '@tradewind/protocol'
import type { Logger } from 'pino'
import { beside } from '../beside'
import type { Capabilities, EngineState } from '../engine/engine'
import type { KnownClip } from '../engine/measure'
import { servingOf } from '../engine/serving'
import { sleep } from '../link/link'
import { clipHearer } from '../seek/hear-clip'
import { type HubHere, Seeker, type SeekerParts } from '../seek/seeker'
import type { HubPlace } from '../seek/sources'
import type { ApiConfig } from '../serve/config'
import type { WorkSince } from '../serve/work'
import type { Hear } from '../trial/trials'
import { type ApiPlace, hearByApi } from './hear-by-api'
import { LocalStage } from './local-stage'
import { type HeldHere, Serving, type ServingParts } from './serving'

export type LocalServiceParts = Pick<
  ServingParts,
  'wish' | 'runtimeFor' | 'facts' | 'temperature' | 'isAndroid' | 'log' | 'now'
> & {
  store: ArtifactStore
  /** a build of that id and no other; null: the one last used, a demo only when there is nothing else */
  wanted: string | null
  /** a folder with the build to fall back on while none is held */
  demo: string | null
  api: { host: string; port: number; key: string | null }
  /** where measurements are kept */
  folder: string
  uptimeMs: () => number
  /** in the order in which assigned files are asked for; null: no hub was reached yet */
  sources: (hub: HubPlace | null) => Source[]
  enrolled: SeekerParts['enrolled']
}

/** Who wants to know what is served and what it does here. */
export type Listener = HubHere & {
  place: HubPlace
  sayServing(serving: Served): void
  sayMeasured(measured: Measured): void
}

/** How often the store is looked at for a build that somebody put there, and a port that was taken is tried again. */
const lookEveryMs = 5_000
const knownClipLanguage = 'English'

/**
 * What a device does for programs: one of the builds on its disk, held and served: what was assigned, and where nothing is,
 * what it chooses itself. It needs no hub, looks at the store by itself, and comes up when a build does.
 */
export class LocalService {
  #serving: Serving
  #api: { port: number; takeWork(): WorkSince; close(): Promise<void> } | null = null
  /** our own way in, where the API asks for a key */
  #ownKey = randomBytes(24).toString('base64url')
  #apiFailure: string | null = null
  #opening: Promise<void> | null = null
  #stage: LocalStage
  #seeker: Seeker
  #measured: Measured = { builds: [] }
  #served: Served | null = null
  #listener: Listener | null = null
  #leaving = new AbortController()
  #looking: Promise<void> = Promise.resolve()
  readonly hear: Hear
  /** what is told of the way to what was assigned, and who takes what is */
  readonly seek: Pick<Seeker, 'accept' | 'report'>

  constructor(private parts: LocalServiceParts) {
    this.#serving = new Serving({
      ...parts,
      knownClip,
      onState: (held, state, engine) => this.#tellState(held, state, engine),
      onMeasured: (figures) => void this.#keep(figures),
    })
    const { store, wanted, demo, log } = parts
    this.#stage = new LocalStage({ store, wanted, demo, log, serving: this.#serving, signal: this.#leaving.signal })
    this.#seeker = new Seeker({
      ...parts,
      ...{ stage: this.#stage, knownClip, hearClip: clipHearer(this.#serving.engine), random: Math.random, sleep },
      sources: () => parts.sources(this.#listener?.place ?? null),
    })
    this.seek = this.#seeker
    this.hear = hearByApi(
      () => this.#place(),
      () => this.#serving.held?.demo ?? false,
    )
  }

  /** Begins to look for a build; returns at once. */
  start() {
    this.#looking = this.#look()
  }

  /** Tells what it knows, and from now on each change. */
  tell(listener: Listener) {
    this.#listener = listener
    this.#seeker.connect(listener)
    if (this.#served) listener.sayServing(this.#served)
    if (this.#measured.builds.length > 0) listener.sayMeasured(this.#measured)
  }

  /** What its API did since this was asked last, for a sample; nothing at all while there is none. */
  takeWork = (): WorkSince => this.#api?.takeWork() ?? {}

  async close(): Promise<void> {
    this.#leaving.abort()
    await Promise.all([this.#looking, this.#seeker.close()])
    await this.#opening?.catch(() => {})
    await this.#api?.close()
    await this.#serving.close()
    await this.#stage.release()
  }

  async #look(): Promise<void> {
    const { signal } = this.#leaving
    this.#measured = await readMeasured(this.parts.folder, this.parts.log)
    if (this.#measured.builds.length > 0) this.#listener?.sayMeasured(this.#measured)
    await this.#seeker.start()
    while (!signal.aborted) {
      try {
        await this.#serveWhatIsThere()
      } catch (error) {
        const { code = 'failed', message } = error as NodeJS.ErrnoException
        this.parts.log.error({ code }, message)
      }
      await pause(lookEveryMs, undefined, { signal }).catch(() => {})
    }
  }

  /** Where something is assigned the seeker decides, and the store is left to it. */
  async #serveWhatIsThere(): Promise<void> {
    const chosen = this.#seeker.rules ? null : await this.#stage.choice()
    if (chosen || this.#seeker.rules) await this.#openApi().catch((error) => this.#apiFailed(error))
    if (chosen && chosen.id !== this.#serving.held?.build.id && !this.#seeker.rules)
      await this.#stage.holdChosen(chosen)
  }

  /** Its code is loaded only on a device that serves. */
  async #openApi(): Promise<void> {
    if (this.#api || this.#leaving.signal.aborted) return
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null
    })
    await this.#opening
  }

  async #open(): Promise<void> {
    const [{ startApi }, { decode }, { segmentsOf }, { join }] = await Promise.all([
      import('../serve/api'),
      import('../audio/decode'),
      import('../audio/segments'),
      import('../audio/join'),
    ])
    const { log, now, uptimeMs, api } = this.parts
    const config: Partial<ApiConfig> = {
      host: api.host,
      port: api.port,
      keys: api.key === null ? [] : [api.key, this.#ownKey],
    }
    this.#api = await startApi({
      engine: this.#serving.engine,
      audio: { decode, segmentsOf, join },
      clock: { now, uptimeMs },
      log,
      config,
    })
  }

  /** The build is held nevertheless: people may try it through the hub, and the port may become free. */
  #apiFailed({ code = 'failed', message }: NodeJS.ErrnoException) {
    if (code !== this.#apiFailure) this.parts.log.error({ code }, `the API cannot listen: ${message}`)
    this.#apiFailure = code
  }

  #place(): ApiPlace | null {
    if (!this.#api) return null
    return { port: this.#api.port, key: this.parts.api.key === null ? null : this.#ownKey }
  }

  #tellState(held: HeldHere, state: EngineState, engine: Capabilities['runtime'] | null) {
    void this.#openApi().catch((error) => this.#apiFailed(error)) // a device that says it serves can be asked
    const { build, label, demo } = held
    this.#served = servingOf({ build: build.id, label, demo }, state, engine, this.parts.now())
    this.#listener?.sayServing(this.#served)
  }

  async #keep(figures: BuildMeasured): Promise<void> {
    const others = this.#measured.builds.filter(({ build }) => build !== figures.build)
    const known = Measured.safeParse({ builds: [...others, rounded(figures)].slice(-32) })
    if (!known.success) return this.parts.log.error({ code: 'measured-strange' }, known.error.message)
    this.#measured = known.data
    this.#listener?.sayMeasured(known.data)
    await writeWhole(measuredFile(this.parts.folder), JSON.stringify(known.data)).catch((error) =>
      this.parts.log.error({ code: error.code }, 'what was measured could not be kept'),
    )
  }
}

const measuredFile = (folder: string) => path.join(folder, 'measured-builds.json')

/** Four digits are more than a measurement is worth. */
const rounded = (figures: BuildMeasured) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) =>
      typeof value === 'number' && !Number.isInteger(value) ? [name, Number(value.toPrecision(4))] : [name, value],
    ),
  )

async function readMeasured(folder: string, log: Logger): Promise<Measured> {
  try {
    const text = await readIfThere(measuredFile(folder))
    return text === null ? { builds: [] } : Measured.parse(JSON.parse(String(text)))
  } catch (error) {
    log.warn({ code: 'measured-unreadable' }, (error as Error).message)
    return { builds: [] }
  }
}

/** The clip beside the program, without its header of 44 bytes. */
async function knownClip(): Promise<KnownClip | null> {
  const bytes = await readFile(beside('known-clip.wav'))
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.length - 44) / 2)
  return { samples: Float32Array.from(samples, (sample) => sample / 32_768), language: knownClipLanguage }
}
