import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { assignments } from './assignments'
import { auditTrail } from './audit'
import { catalogue } from './catalogue'
import { charts } from './chart'
import { openDatabase } from './database'
import { devicePages } from './device-pages'
import { devices } from './devices'
import { enrolment } from './enrolment'
import { history } from './history'
import { ingest } from './ingest'
import { labels } from './labels'
import { Marks } from './marks'
import { measurements } from './measurements'
import { migrate } from './migrate'
import { parkedPages } from './parked-pages'
import { people } from './people'
import { placement } from './placement'
import { proposals } from './proposals'
import { retentions } from './retention'
import { rollouts } from './rollouts'
import { rollups } from './rollups'
import { settings } from './settings'
import { workloads } from './workloads'

export type Store = Awaited<ReturnType<typeof openStore>>

/**
 * Opens the database file, brings it up to date, and offers its named queries and commands.
 * `ingests` is for the hub alone: it loads the marks that keep samples from being stored twice.
 */
export async function openStore(file: string, { ingests = false } = {}) {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  migrate(file)
  const db = await openDatabase(file)
  const marks = new Marks()
  if (ingests) await marks.load(db)
  return {
    ...assignments(db),
    ...catalogue(db),
    ...charts(db),
    ...devicePages(db),
    ...devices(db),
    ...enrolment(db),
    ...history(db),
    ...ingest(db, marks),
    ...labels(db),
    ...measurements(db),
    ...parkedPages(db),
    ...people(db),
    ...placement(db),
    ...proposals(db),
    ...retentions(db),
    ...rollouts(db),
    ...rollups(db),
    ...settings(db),
    ...workloads(db),
    ...auditTrail(db),
    close: () => db.$disconnect(),
  }
}
