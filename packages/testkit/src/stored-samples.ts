import path from 'node:path'
import Database from 'better-sqlite3'

/** What the hub's database really holds, read past the store: how often each sample of each stream is there. */
export function storedSamples(folder: string): Map<string, Map<number, number>> {
  const db = new Database(path.join(folder, 'tradewind.db'), { readonly: true })
  try {
    const streams = new Map<string, Map<number, number>>()
    const rows = db.prepare('SELECT stream, seq, count(*) AS times FROM Sample GROUP BY stream, seq').all()
    for (const { stream, seq, times } of rows as { stream: string; seq: number; times: number }[]) {
      const seqs = streams.get(stream) ?? new Map<number, number>()
      streams.set(stream, seqs.set(seq, times))
    }
    return streams
  } finally {
    db.close()
  }
}
