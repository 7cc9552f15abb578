import path from 'node:path'
import { readIfThere, writeWhole } from '@tradewind/disk'
import { HoldOptions, ResolvedBuild } from '@tradewind/protocol'
import type { Logger } from 'pino'
import { z } from 'zod'

const revision = z.number().int().positive()
const count = z.number().int().nonnegative()

const AppliedOne = z.object({ revision, build: ResolvedBuild, options: HoldOptions, restart: count })
/** What was committed last, and before that: both keep their files. */
const Applied = z.object({ applied: AppliedOne, previous: AppliedOne.nullable() })
export type Applied = z.infer<typeof Applied>

const Assigned = z.object({ jws: z.string() })

const Failure = z.object({
  code: z.string(),
  says: z.string(),
  retryAt: z.number().nullable(),
  detail: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})
export type KeptFailure = z.infer<typeof Failure>

/** How often a revision was tried, so that one which takes the device down with it is not tried for ever. */
const Trying = z.object({ revision, starts: count, failures: count, failure: Failure.nullable() })
export type Trying = z.infer<typeof Trying>

/**
 * What seeking remembers across restarts, each in a file of its own that is written whole or not at all: what was assigned (as it
 * was signed), what was applied, and how the trying goes. What cannot be read counts as never written, and is told in the log.
 */
export class Records {
  constructor(
    private folder: string,
    private log: Logger,
  ) {}

  assigned = async () => (await this.#read('assigned', Assigned))?.jws ?? null
  applied = () => this.#read('applied', Applied)
  trying = () => this.#read('trying', Trying)

  saveAssigned = (jws: string) => this.#write('assigned', { jws })
  saveApplied = (applied: Applied) => this.#write('applied', applied)
  saveTrying = (trying: Trying) => this.#write('trying', trying)

  async #read<T>(name: string, schema: z.ZodType<T>): Promise<T | null> {
    try {
      const text = await readIfThere(this.#file(name))
      return text === null ? null : schema.parse(JSON.parse(String(text)))
    } catch (error) {
      this.log.error({ code: 'record-unreadable', file: this.#file(name) }, (error as Error).message)
      return null
    }
  }

  #write = (name: string, value: object) => writeWhole(this.#file(name), `${JSON.stringify(value)}\n`)
  #file = (name: string) => path.join(this.folder, `${name}.json`)
}
