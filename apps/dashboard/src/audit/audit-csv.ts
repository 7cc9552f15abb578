import type { AuditRow } from '@tradewind/store'
import { explainAction, explainDetail } from '../words/explain-audit'

const perPiece = 1000
const head = ['time (UTC)', 'who', 'what', 'code', 'on', 'before', 'after', 'more']

/** The audit as CSV for a spreadsheet, by pieces; `read` gives the newest first. */
export async function* auditCsv(read: (limit: number, offset: number) => Promise<AuditRow[]>): AsyncGenerator<string> {
  yield line(head)
  for (let offset = 0; ; offset += perPiece) {
    const rows = await read(perPiece, offset)
    if (rows.length > 0) yield rows.map((row) => line(cellsOf(row))).join('')
    if (rows.length < perPiece) return
  }
}

function cellsOf({ atMs, actor, action, target, detail }: AuditRow): string[] {
  const { before = '', after = '', ...more } = detail
  return [
    ...[new Date(atMs).toISOString(), actor, explainAction(action), action, target],
    ...[String(before ?? ''), String(after ?? ''), explainDetail(more)],
  ]
}

const line = (cells: string[]) => `${cells.map(cell).join(',')}\r\n`

/** Spreadsheets run what begins like a formula: names come from people and devices, so such a text is quoted out of it. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
