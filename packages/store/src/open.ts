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
import { fleetRows } from './fleet-rows'
import { fleetTotals } from './fleet-totals'
import { healthSources } from './health-sources'
import { history } from './history'
import { incidents } from './incidents'
import { ingest } from './ingest'
import { labels } from './labels'
import { Marks } from './marks'
import { measurements } from './measurements'
import { migrate } from './migrate'
import { parkedPages } from './parked-pages'
import { people } from './people'
import { placement } from './placement'
import { problems } from './problems'
import { proposals } from './proposals'
import { retentions } from './retention'
import { rollouts } from './rollouts'
import { rollups } from './rollups'
import { settings } from './settings'
import { waiting } from './waiting'
import { work } from './work'
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
  const rows = fleetRows(db)
  const marks = new Marks()
  if (ingests) await marks.load(db)
  return {
    ...assignments(db),
    ...catalogue(db),
    ...charts(db),
    ...devicePages(db, rows),
    ...devices(db),
    ...enrolment(db),
    ...rows,
    ...fleetTotals(db),
    ...healthSources(db),
    ...history(db),
    ...incidents(db),
    ...ingest(db, marks),
    ...labels(db),
    ...measurements(db),
    ...parkedPages(db),
    ...people(db),
    ...placement(db),
    ...problems(db),
    ...proposals(db),
    ...retentions(db),
    ...rollouts(db),
    ...rollups(db),
    ...settings(db),
    ...waiting(db),
    ...work(db),
    ...workloads(db),
    ...auditTrail(db),
    close: () => db.$disconnect(),
  }
}
