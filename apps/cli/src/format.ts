/** Numbers, times and tables as people read them in a terminal. What is not known is shown as `unknown`, never as 0. */

export const orUnknown = <T>(value: T | null | undefined, show: (value: T) => string = String): string =>
  value === null || value === undefined ? 'unknown' : show(value)

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function bytes(value: number): string {
  const step = Math.min(sizes.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)))
  const scaled = value / 1024 ** step
  return `${step === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${sizes[step]}`
}

/** A span in its largest whole unit: 12 s, 3 min, 5 h, 2 d. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

/** `3 min ago`, `in 23 h`. Clocks of two machines differ a little, so a moment within two seconds is now. */
export function relative(atMs: number, nowMs: number): string {
  const ahead = atMs - nowMs
  if (Math.abs(ahead) < 2000) return 'just now'
  return ahead > 0 ? `in ${span(ahead)}` : `${span(-ahead)} ago`
}

const styles = { green: 32, yellow: 33, red: 31, dim: 2 } as const
export type Style = keyof typeof styles
export type Cell = string | { text: string; style: Style }

/** Names come from devices: whatever could steer a terminal is shown as `�`. */
export const printable = (text: string) => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd')

export function paint(cell: Cell, colour: boolean): string {
  const text = printable(textOf(cell))
  return colour && typeof cell === 'object' ? `\u001b[${styles[cell.style]}m${text}\u001b[0m` : text
}

/** Columns as wide as their widest cell, two spaces apart, without trailing blanks. */
export function table(head: string[], rows: Cell[][], colour: boolean): string {
  const all: Cell[][] = [head.map((text) => ({ text, style: 'dim' })), ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column]))))
  return all.map((row) => `${line(row, widths, colour)}\n`).join('')
}

/** One `name  value` a line, the names as wide as the widest. */
export function fields(rows: [name: string, value: Cell][], colour: boolean): string {
  const widest = Math.max(...rows.map(([name]) => width(name)))
  return rows.map(([name, value]) => `${line([{ text: name, style: 'dim' }, value], [widest, 0], colour)}\n`).join('')
}

const line = (row: Cell[], widths: number[], colour: boolean) =>
  row
    .map((cell, i) => paint(cell, colour) + (i === row.length - 1 ? '' : blanks((widths[i] ?? 0) - width(cell) + 2)))
    .join('')
    .trimEnd()

const blanks = (count: number) => ' '.repeat(Math.max(0, count))
const textOf = (cell: Cell) => (typeof cell === 'string' ? cell : cell.text)
const width = (cell: Cell | undefined) => (cell === undefined ? 0 : [...printable(textOf(cell))].length)
