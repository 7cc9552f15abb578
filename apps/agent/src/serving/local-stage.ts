import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { FolderSource } from '@tradewind/artifacts/folder-source'
import type { ArtifactStore } from '@tradewind/artifacts/store'
import type { Target } from '@tradewind/fleet'
import { parseResolvedBuild, type ResolvedBuild } from '@tradewind/protocol'
import type { Logger } from 'pino'
import { EngineError } from '../engine/engine'
import type { Stage } from '../seek/stage'
import { chooseBuild } from './choose-build'
import type { HeldHere, Serving } from './serving'

export type LocalStageParts = {
  store: ArtifactStore
  serving: Serving
  /** a build of that id and no other; null: the one last used, a demo only when there is nothing else */
  wanted: string | null
  /** a folder with the build to fall back on while none is held */
  demo: string | null
  log: Logger
  signal: AbortSignal
}

/** The device's one engine, holding a build of the store: as it was assigned, or as the device chooses where nothing is. */
export class LocalStage implements Stage {
  holds: Stage['holds'] = null
  #release: (() => Promise<void>) | null = null

  constructor(private parts: LocalStageParts) {}

  get engine() {
    return this.parts.serving.engine
  }

  async hold(target: Target, signal?: AbortSignal): Promise<void> {
    this.holds = target.revision
    const { serving } = this.parts
    try {
      await this.#keep(target.build)
      await serving.load(this.#held(target.build), target.options, signal)
    } catch (error) {
      if (signal?.aborted) this.holds = null
      throw error
    }
  }

  /** The device's choice now, brought if it is the demo; null when there is none. */
  async choice(exceptBuild: string | null = null): Promise<ResolvedBuild | null> {
    const { store, demo, wanted, signal } = this.parts
    let builds = await store.list()
    if (builds.length === 0 && demo !== null) {
      const build = parseResolvedBuild(await readFile(path.join(demo, 'build.json'), 'utf8'))
      const sources = [new FolderSource('the demo', (file) => path.join(demo, file.path))]
      await store.fetch(build, { sources, signal })
      builds = await store.list()
    }
    return chooseBuild(
      builds.filter(({ build }) => build.id !== exceptBuild),
      wanted,
    )
  }

  hasOwnChoice = async (exceptBuild: string) => (await this.choice(exceptBuild)) !== null

  async holdOwnChoice(exceptBuild: string): Promise<boolean> {
    const chosen = await this.choice(exceptBuild)
    if (chosen) await this.holdChosen(chosen)
    return chosen !== null
  }

  /** Returns once it is on its way: how far it comes is a state of the engine. */
  async holdChosen(build: ResolvedBuild): Promise<void> {
    this.holds = 'own-choice'
    await this.#keep(build)
    void this.parts.serving.hold(this.#held(build))
  }

  rename(revision: number) {
    this.holds = revision
  }

  measure() {
    void this.parts.serving.measure().catch((error) => {
      if (!(error instanceof EngineError)) throw error
      this.parts.log.warn({ code: error.code }, 'what is served could not be measured')
    })
  }

  async letGo(): Promise<void> {
    this.holds = null
    await this.parts.serving.letGo()
    await this.release()
  }

  /** Lets go of the files; the engine has ended, or holds others. */
  async release(): Promise<void> {
    const release = this.#release
    this.#release = null
    await release?.()
  }

  /** The files of the next build are kept before those of the last are let go. */
  async #keep(build: ResolvedBuild) {
    const release = await this.parts.store.hold(build)
    await this.release()
    this.#release = release
  }

  #held(build: ResolvedBuild): HeldHere {
    const { store } = this.parts
    const fileOf = (role: string) => build.files.find((file) => file.role === role)
    const [model, projector] = [fileOf('weights'), fileOf('projector')]
    if (!model) throw new EngineError('bad-file', `The build ${build.id} has no weights.`)
    return {
      ...{ build, label: build.label ?? build.id, demo: build.demo, model: store.pathOf(model) },
      projector: projector ? store.pathOf(projector) : null,
    }
  }
}
