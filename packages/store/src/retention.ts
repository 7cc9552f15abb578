import { type Actor, audit, differenceOf } from './audit'
import { type Database, transact } from './database'
import type { HubInfo, Retention } from './model'
import { readSetting, writeSetting } from './settings'

const usual: Retention = { samples: 3, minutes: 7, quarters: 90, hours: 730, events: 90 }

export const retentions = (db: Database) => ({
  /** What a person chose, else what the hub was started with, else the usual. */
  async retention(): Promise<{ days: Retention; chosen: Partial<Retention> }> {
    const chosen = (await readSetting<Partial<Retention>>(db, 'retention')) ?? {}
    const samples = (await readSetting<HubInfo>(db, 'hub'))?.sampleDays ?? usual.samples
    return { days: { ...usual, samples, ...chosen }, chosen }
  },

  /** The hub goes by it from its next sweep on; what it has dropped by then does not come back. */
  async chooseRetention(chosen: Partial<Retention>, actor: Actor): Promise<void> {
    await transact(db, async (tx) => {
      const before = (await readSetting<Partial<Retention>>(tx, 'retention')) ?? {}
      const after = { ...before, ...chosen }
      await writeSetting(tx, 'retention', after)
      await audit(
        tx,
        actor,
        'retention-chosen',
        'retention',
        differenceOf({ ...usual, ...before }, { ...usual, ...after }),
      )
    })
  },
})
