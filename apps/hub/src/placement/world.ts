import type { Measurement } from '@tradewind/fleet'
import type { IngestGroup, PlacementNews, StoreThread } from '@tradewind/store'
import type { ClipsFor } from '../smoke/kept-clips'
import { Known } from './known'

/**
 * What placement knows, kept until somebody changes it. Whoever is about to decide asks for `fresh`, which costs one
 * small query where nothing has changed. What devices measure is heard as it is stored.
 */
export class World {
  #known: Known | null = null
  #isStale = false
  #through = 0
  #measured: Map<string, Measurement> | null = null
  #turn: Promise<unknown> = Promise.resolve()

  constructor(
    private parts: { store: StoreThread; clips: ClipsFor; onNews: (news: Omit<PlacementNews, 'through'>) => void },
  ) {}

  /** As it is now: every call looks after the one before it has looked. */
  fresh(): Promise<Known> {
    const looked = this.#turn.then(() => this.#look())
    this.#turn = looked.catch(() => {})
    return looked
  }

  /** Something that the audit does not tell of has changed: files were resolved, or a canary has answered. */
  forget() {
    this.#isStale = true
  }

  /** Takes in what was measured; returns the classes of which something is new. */
  hear({ measured, reported }: Pick<IngestGroup, 'measured' | 'reported'>): Set<string> {
    if (reported.some(({ reported: { smoke } }) => smoke?.answer)) this.forget()
    const fresh = new Set<string>()
    if (!this.#measured) return fresh // they are all read when somebody first asks
    for (const one of measured.flatMap(({ measured }) => measured.builds)) {
      const before = this.#measured.get(nameOf(one))
      this.#measured.set(nameOf(one), one)
      if (!before || differs(before, one)) fresh.add(one.deviceClass)
    }
    return fresh
  }

  async #look(): Promise<Known> {
    const { store, onNews } = this.parts
    const { through, ...news } = await store.placementNews(this.#through)
    this.#through = through
    if (news.everything) this.forget()
    if (news.everything || news.deviceIds.length > 0) onNews(news)
    if (this.#known && !this.#isStale) return this.#known
    this.#isStale = false // what changes while it is read makes it stale again
    this.#known = await this.#read()
    return this.#known
  }

  async #read(): Promise<Known> {
    const { store, clips } = this.parts
    const measured = this.#measured ?? new Map((await store.measurements()).map((one) => [nameOf(one), one]))
    this.#measured = measured
    const [catalogue, workloads, baselines] = await Promise.all([
      store.catalogue(),
      store.workloads(),
      store.baselines(),
    ])
    const lookUp = ({ id }: { id: string }, { deviceClass }: { deviceClass: string }) =>
      measured.get(nameOf({ build: id, deviceClass }))
    return new Known(catalogue, workloads, lookUp, baselines, clips)
  }
}

const nameOf = ({ build, deviceClass }: Pick<Measurement, 'build' | 'deviceClass'>) => `${build} ${deviceClass}`

const figures = ['residentBytes', 'estimatedBytes', 'promptPerSecond', 'generationPerSecond'] as const
const differs = (a: Measurement, b: Measurement) => figures.some((figure) => a[figure] !== b[figure])
