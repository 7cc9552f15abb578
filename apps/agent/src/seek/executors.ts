import type { Progress } from '@tradewind/artifacts/progress'
import type { Source } from '@tradewind/artifacts/source'
import type { ArtifactStore } from '@tradewind/artifacts/store'
import { ArtifactError } from '@tradewind/artifacts/trouble'
import type { Target } from '@tradewind/fleet'
import type { Assignment, DeviceEvent, ResolvedBuild, SmokeClip, SmokeResult, StepName } from '@tradewind/protocol'
import { EngineError } from '../engine/engine'
import type { KnownClip } from '../engine/measure'
import type { Applied } from './records'
import { SeekError } from './seek-error'
import { smokeTest } from './smoke'
import type { FetchClip, SmokeClips } from './smoke-clips'
import type { Stage } from './stage'

/** What the deeds work with, for one step of one assignment. */
export type Deed = {
  wanted: Assignment
  applied: Applied | null
  /** builds whose files stay, whatever room is needed */
  keep: ResolvedBuild[]
  store: ArtifactStore
  stage: Stage
  clips: SmokeClips
  sources: () => Source[]
  fetchClip: FetchClip | null
  knownClip: () => Promise<KnownClip | null>
  hearClip: (bytes: Uint8Array, clip: SmokeClip, build: string, signal: AbortSignal) => Promise<string>
  signal: AbortSignal
  onProgress: (progress: Progress) => void
  onVerified: () => void
  onSmoke: (result: SmokeResult) => void
  beforeStart: () => Promise<void>
  /** makes it durable */
  commit: (applied: Applied) => Promise<void>
  /** why the wanted revision came to nothing; null: it did not yet */
  failure: { code: string } | null
  say: (code: DeviceEvent['code'], detail: DeviceEvent['detail']) => void
}

/** A deed for each step: a step without one does not compile. Each throws what keeps it from its effect. */
export const executors: Record<StepName, (deed: Deed) => Promise<void>> = {
  'make-room': async ({ store, wanted, keep, clips }) => {
    await clips.forget(wanted.smoke.clips)
    const { needBytes } = await store.roomFor(wanted.build)
    await store.makeRoom(needBytes + (await clips.missingBytes(wanted.smoke.clips)), keep)
  },

  fetch: async ({ store, wanted, clips, sources, fetchClip, signal, onProgress }) => {
    await clips.fetch(wanted.smoke.clips, fetchClip, signal)
    const all = sources()
    try {
      if (!(await store.has(wanted.build))) await store.fetch(wanted.build, { sources: all, signal, onProgress })
    } finally {
      await Promise.all(all.map((source) => source.close?.()))
    }
  },

  verify: async ({ store, wanted, signal, onVerified }) => {
    const broken = await store.verify(wanted.build, signal)
    // what is broken was deleted: the next plan fetches it anew
    if (broken.length === 0) onVerified()
  },

  'stop-engine': ({ stage }) => stage.letGo(),

  'start-engine': async ({ stage, wanted, beforeStart, signal }) => {
    await beforeStart()
    await stage.hold(wanted, signal)
  },

  'smoke-test': async ({ stage, wanted, clips, knownClip, hearClip, signal, onSmoke, say }) => {
    const result = await smokeTest(wanted.smoke, {
      engine: stage.engine,
      clip: wanted.build.hears ? await knownClip() : null,
      hearClip: async (clip) => hearClip(await clips.read(clip), clip, wanted.build.id, signal),
      signal,
    })
    onSmoke(result)
    if (result.outcome !== 'failed') return
    const { code, wordErrors } = result
    const detail = { build: wanted.build.id, ...(wordErrors === undefined ? {} : { wordErrors }) }
    say('smoke-test-failed', { revision: wanted.revision, code: code ?? '', ...detail })
    throw new SeekError(code ?? 'empty', `the smoke test of ${wanted.build.id} failed`, detail)
  },

  commit: async ({ stage, wanted, applied, clips, commit, say }) => {
    await commit({ applied: targetOf(wanted), previous: previousOf(wanted, applied) })
    stage.rename(wanted.revision)
    stage.measure()
    await clips.forget()
    say('build-applied', { revision: wanted.revision, build: wanted.build.id })
  },

  /** What does not load again is a state of its engine, which tries on by itself: nothing else is left to serve. */
  'roll-back': async ({ stage, wanted, applied, failure, signal, say }) => {
    const wasTried = stage.holds === wanted.revision
    if (!applied && !(await stage.holdOwnChoice(wanted.build.id))) await stage.letGo()
    if (applied)
      await stage.hold(applied.applied, signal).catch((error) => {
        if (signal.aborted || !(error instanceof EngineError || error instanceof ArtifactError)) throw error
      })
    const to = applied?.applied.build.id ?? ''
    if (failure && wasTried)
      say('rolled-back', { revision: wanted.revision, build: wanted.build.id, code: failure.code, to })
  },
}

const targetOf = ({ revision, build, options, restart }: Assignment): Target => ({ revision, build, options, restart })

/** The build before this one; the same build under a new revision does not push it out. */
function previousOf(wanted: Assignment, applied: Applied | null): Applied['previous'] {
  if (!applied) return null
  return applied.applied.build.id === wanted.build.id ? applied.previous : applied.applied
}
