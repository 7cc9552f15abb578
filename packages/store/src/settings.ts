import { type Database, type Transaction, transact } from './database'
import type { KeptSince } from './levels'
import type { ChartLevel, HubInfo } from './model'

type SettingKey =
  | 'hub'
  | 'setup-code'
  | 'marks-through'
  | 'rolled-through'
  | 'kept-since'
  | 'catalogue'
  | 'mirror'
  | 'retention'

export async function readSetting<T>(db: Transaction, key: SettingKey): Promise<T | null> {
  const row = await db.setting.findUnique({ where: { key } })
  return row ? (row.value as T) : null
}

export async function writeSetting(db: Transaction, key: SettingKey, value: object | string | number) {
  await db.setting.upsert({ where: { key }, create: { key, value }, update: { value } })
}

export const keptSince = async (db: Transaction) => (await readSetting<KeptSince>(db, 'kept-since')) ?? {}

/** Remembers that what a level says of the time before `sinceMs` is no longer whole. */
export async function keepSince(tx: Transaction, level: ChartLevel, sinceMs: number) {
  const kept = await keptSince(tx)
  await writeSetting(tx, 'kept-since', { ...kept, [level]: Math.max(kept[level] ?? 0, sinceMs) })
}

export const settings = (db: Database) => ({
  hubInfo: () => readSetting<HubInfo>(db, 'hub'),
  /** Changes whenever another process has written to the database: cheap to ask, so that nobody need be told. */
  async changesElsewhere(): Promise<number> {
    const [row] = await db.$queryRawUnsafe<{ data_version: number }[]>('PRAGMA data_version')
    return Number(row?.data_version ?? 0)
  },
  setHubInfo: (info: HubInfo) => transact(db, (tx) => writeSetting(tx, 'hub', info)),
})
