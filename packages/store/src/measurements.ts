import type { Measurement } from '@tradewind/fleet'
import type { BuildMeasured } from '@tradewind/protocol'
import type { Database, Transaction } from './database'
import type { IngestGroup, LoadTime } from './model'

export const measurements = (db: Database) => ({
  /**
   * What all devices measured, the latest last, as `measuredBy` of fleet takes it; of a class only what counts: of each
   * build the latest. Thousands of devices may be of one class.
   */
  async measurements(deviceClass?: string): Promise<Measurement[]> {
    if (deviceClass !== undefined) return latestOf(db, deviceClass)
    const rows = await db.measurement.findMany({ orderBy: [{ at: 'asc' }, { deviceId: 'asc' }] })
    return rows.map(({ body }) => asMeasurement(body as unknown as BuildMeasured))
  },

  /** How long each build took to load on the devices of a class, on average. Milliseconds. */
  loadTimes: (): Promise<LoadTime[]> =>
    db.$queryRaw<LoadTime[]>`SELECT build, deviceClass, avg(body->>'$.loadMs') AS loadMs FROM Measurement
      WHERE body->>'$.loadMs' IS NOT NULL GROUP BY build, deviceClass`,

  /** What one device measured, of each build the latest, the newest first. */
  async measuredOf(deviceId: string): Promise<BuildMeasured[]> {
    const rows = await db.measurement.findMany({ where: { deviceId }, orderBy: { at: 'desc' } })
    return rows.map(({ body }) => body as unknown as BuildMeasured)
  },
})

/** SQLite takes `body` from the row that has the greatest `at`. */
async function latestOf(db: Database, deviceClass: string): Promise<Measurement[]> {
  const rows = await db.$queryRaw<{ body: string }[]>`
    SELECT CAST(body AS TEXT) AS body, max(at) FROM Measurement WHERE deviceClass = ${deviceClass} GROUP BY build`
  return rows.map(({ body }) => asMeasurement(JSON.parse(body) as BuildMeasured))
}

/** Keeps what was measured of each build; of a build that a device no longer speaks of the last word stays. */
export async function upsertMeasured(tx: Transaction, measured: IngestGroup['measured']) {
  const rows = measured.flatMap(({ deviceId, measured: { builds } }) =>
    builds.map((one) => [
      deviceId,
      one.build,
      one.at,
      one.deviceClass,
      JSON.stringify(one),
      one.generationPerSecond ?? null,
    ]),
  )
  if (rows.length === 0) return
  await tx.$executeRaw`INSERT INTO Measurement (deviceId, build, at, deviceClass, body, firstPerSecond)
    SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5
    FROM json_each(${JSON.stringify(rows)}) WHERE true
    ON CONFLICT (deviceId, build) DO UPDATE SET at = excluded.at, deviceClass = excluded.deviceClass,
      body = excluded.body, firstPerSecond = coalesce(firstPerSecond, excluded.firstPerSecond)`
}

function asMeasurement(said: BuildMeasured): Measurement {
  const { build, deviceClass, residentBytes, estimatedBytes, promptPerSecond, generationPerSecond } = said
  return { build, deviceClass, residentBytes, estimatedBytes, promptPerSecond, generationPerSecond }
}
