import path from 'node:path'
import Database from 'better-sqlite3'

/** Makes the store believe that canaries answered something else, which no device will say. */
export function foreignBaselines(folder: string, text: string) {
  const db = new Database(path.join(folder, 'tradewind.db'))
  try {
    db.prepare("UPDATE Baseline SET body = json_set(body, '$.text', ?)").run(text)
  } finally {
    db.close()
  }
}
