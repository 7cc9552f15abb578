export type Cell = string | number | null

/**
 * One line of CSV after RFC 4180. What is not known is empty. A spreadsheet takes a text that begins like a formula for
 * one, and names and labels come from whoever runs a device: such a text gets an apostrophe before it.
 */
export const csvLine = (cells: Cell[]) => `${cells.map(csvCell).join(',')}\r\n`

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const harmless = /^\s*[=+\-@|%]|^[\t\r\n]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
