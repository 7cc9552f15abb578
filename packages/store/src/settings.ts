import type { Database, Transaction } from './database'
import type { HubInfo } from './model'

type SettingKey = 'hub' | 'setup-code' | 'marks-through'

export async function readSetting<T>(db: Transaction, key: SettingKey): Promise<T | null> {
  const row = await db.setting.findUnique({ where: { key } })
  return row ? (row.value as T) : null
}

export async function writeSetting(db: Transaction, key: SettingKey, value: object | string | number) {
  await db.setting.upsert({ where: { key }, create: { key, value }, update: { value } })
}

export const settings = (db: Database) => ({
  hubInfo: () => readSetting<HubInfo>(db, 'hub'),
  setHubInfo: (info: HubInfo) => writeSetting(db, 'hub', info),
})
