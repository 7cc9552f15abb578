import { type HealthEvent, type HealthInput, healthEvents, healthFacts } from '@tradewind/fleet'
import type { Database } from './database'

/** What health reads of a device besides its presence and its samples. */
export type HealthSource = Required<Pick<HealthInput, 'report' | 'assignment' | 'speed'>> & {
  deviceId: string
  events: HealthEvent[]
}

/** Of the newest events of a device so many are looked at: more in an hour is a flood, which is seen without the rest. */
const eventsRead = 50

export const healthSources = (db: Database) => ({
  /** Of these devices, the revoked ones left out. */
  async healthSources(ids: string[]): Promise<HealthSource[]> {
    const rows = await db.$queryRawUnsafe<SourceRow[]>(sourceSql, JSON.stringify(ids))
    return rows.map(({ deviceId, report, sync, speed, events }) => ({
      deviceId,
      report: parse<HealthSource['report']>(report),
      assignment: parse<HealthSource['assignment']>(sync),
      speed: speedOf(parse<Speed>(speed)),
      events: parse<HealthEvent[]>(events) ?? [],
    }))
  },
})

type SourceRow = { deviceId: string; report: Json; sync: Json; speed: Json; events: Json }
type Json = string | null
type Speed = { tokensPerSecond: number | null; baselineTokensPerSecond: number | null; measuredMs: number }

const parse = <T>(json: Json) => (json === null ? null : (JSON.parse(json) as T))

const speedOf = (said: Speed | null): HealthSource['speed'] => {
  if (!said?.tokensPerSecond || !said.baselineTokensPerSecond) return null
  const { tokensPerSecond, baselineTokensPerSecond, measuredMs } = said
  return { tokensPerSecond, baselineTokensPerSecond, measuredMs }
}

const words = (list: readonly string[]) => list.map((word) => `'${word}'`).join(', ')
const isTrue = (sql: string) => `json(iif(${sql}, 'true', 'false'))`

/** As JSON, because the driver's own conversion of so many columns takes longer than the query. */
const sourceSql = `SELECT d.id AS deviceId,
    iif(r.id IS NULL, NULL, json_object('atMs', CAST(r.at AS INTEGER), 'unreadable', r.body->'$.unreadable',
      'facts', json_object(${healthFacts.map((fact) => `'${fact}', r.body->'$.facts.${fact}'`).join(', ')}))) AS report,
    json_object('hasReport', ${isTrue('r.id IS NOT NULL')}, 'assignedRevision', ifnull(s.assignedRevision, 0),
      'seenRevision', ifnull(s.revisionSeen, 0), 'appliedRevision', ifnull(s.revisionApplied, 0),
      'failureCode', s.failureCode, 'assignedMs', ifnull(CAST(a.at AS INTEGER), 0)) AS sync,
    iif(m.build IS NULL, NULL, json_object('tokensPerSecond', m.body->'$.generationPerSecond',
      'baselineTokensPerSecond', m.firstPerSecond, 'measuredMs', CAST(m.at AS INTEGER))) AS speed,
    (SELECT json_group_array(json_object('id', id, 'code', code, 'atMs', CAST(at AS INTEGER), 'detail', json(detail)))
      FROM (SELECT id, code, at, detail FROM Event WHERE deviceId = d.id ORDER BY at DESC LIMIT ${eventsRead})
      WHERE code IN (${words(healthEvents)})) AS events
  FROM json_each(?) asked JOIN Device d ON d.id = asked.value
    LEFT JOIN Report r ON r.id = d.reportId LEFT JOIN Sync s ON s.deviceId = d.id
    LEFT JOIN Assignment a ON a.deviceId = d.id
      AND a.revision = (SELECT max(revision) FROM Assignment WHERE deviceId = d.id)
    LEFT JOIN Measurement m ON m.deviceId = d.id AND m.build = s.serving->>'$.build'
  WHERE d.revokedAt IS NULL`
