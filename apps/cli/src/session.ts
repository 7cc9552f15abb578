import { type Api, openApi } from './api'
import { type Cell, fields, paint, table } from './format'
import { findLogin } from './saved-login'
import type { Terminal } from './terminal'

/** What a signed-in command works with. */
export type Session = {
  api: Api
  nowMs: number
  json: (value: unknown) => void
  table: (head: string[], rows: Cell[][]) => void
  fields: (rows: [string, Cell][]) => void
  say: (text: string) => void
  /** for people only: kept out of what a script reads */
  note: (text: string) => void
}

/** Throws `Failure` when nobody is signed in. */
export function openSession({ env, out, error, colour, now }: Terminal): Session {
  return {
    api: openApi(findLogin(env)),
    nowMs: now(),
    json: (value) => out(`${JSON.stringify(value, null, 2)}\n`),
    table: (head, rows) => out(table(head, rows, colour.out)),
    fields: (rows) => out(fields(rows, colour.out)),
    say: (text) => out(`${paint(text, false)}\n`),
    note: (text) => error(`${paint(text, false)}\n`),
  }
}
