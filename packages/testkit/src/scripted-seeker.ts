import { Assignment, type Desired, type Measured, type Reported, type SmokeResult } from '@tradewind/protocol'
import { compactVerify, importJWK, type JWK } from 'jose'

/** What a virtual device makes of what it is assigned; `wait`: it sees it and never comes to an end. */
export type SeekScript = 'succeed' | 'fail-smoke' | 'slow' | 'wait'

const engine = { name: 'virtual', version: '0', commit: null }
const deviceClass = 'v1:0000000000000000'
const usualPerSecond = 10

/** Seeks what is desired without a model: it does at once what its script says, and reports as an agent does. */
export class ScriptedSeeker {
  script: SeekScript = 'succeed'
  /** every build that its engine was started with, in order: a model that goes on serving adds nothing */
  readonly loads: string[] = []
  #seen = 0
  #applied = 0
  #failure: Reported['failure'] = null
  #smoke: SmokeResult | undefined

  constructor(private signingKey: JWK) {}

  /** True when there is something new to report. Throws when the assignment is not signed by the hub. */
  async hear({ revision, assignment }: Desired): Promise<boolean> {
    const isSettled = revision === this.#seen && (this.#applied === revision || this.#failure !== null)
    if (revision < this.#seen || revision === 0 || isSettled) return false
    this.#seen = revision
    const build = assignment ? await this.#buildOf(assignment) : `of revision ${revision}`
    this.#failure = null
    if (this.script === 'wait') return true
    const passes = this.script !== 'fail-smoke'
    this.#smoke = { outcome: passes ? 'passed' : 'failed', code: passes ? null : 'empty' }
    this.#failure = passes ? null : { code: 'smoke-test-failed', detail: 'as scripted' }
    if (!passes) return true
    this.#applied = revision
    this.loads.push(build)
    return true
  }

  reported(): Reported {
    const [build] = this.loads.slice(-1)
    const serving = build && {
      build,
      label: build,
      demo: true,
      state: 'ready' as const,
      since: 0,
      engine,
      failure: null,
    }
    return {
      ...{ at: Date.now(), revisionSeen: this.#seen, revisionApplied: this.#applied, failure: this.#failure },
      ...(serving && { serving }),
      ...(this.#smoke && { smoke: this.#smoke }),
    }
  }

  measured(): Measured {
    const generationPerSecond = this.script === 'slow' ? usualPerSecond / 10 : usualPerSecond
    const one = (build: string) => ({ build, at: 1, deviceClass, engine, generationPerSecond })
    return { builds: this.loads.slice(-1).map(one) }
  }

  async #buildOf(jws: string): Promise<string> {
    const { payload } = await compactVerify(jws, await importJWK(this.signingKey, 'EdDSA'))
    return Assignment.parse(JSON.parse(Buffer.from(payload).toString())).build.id
  }
}
