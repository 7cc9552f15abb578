import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'

/** One thing to be told, as it waits: `sent` is added when it goes. */
export type Waiting = { leaf: 'telemetry' | 'event'; body: Record<string, unknown> }
/** Everything up to the `index`-th message of `file` was acknowledged. */
export type Cursor = { file: string; index: number }
type Line = { message: Waiting } | { acked: Cursor }

/** A line of a segment: the crc32 of its JSON, the JSON. Readable with `less`, checkable by machine. */
export function writeLine(line: Line): string {
  const json = JSON.stringify(line)
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`
}

export type Reading = { messages: Waiting[]; acked: Cursor[]; damagedBytes: number }

/** All lines whose checksum is right; whatever a power cut tore is counted and passed over. */
export function readSegment(path: string): Reading {
  const reading: Reading = { messages: [], acked: [], damagedBytes: 0 }
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    if (text === '') continue
    const line = readLine(text)
    if (line === null) reading.damagedBytes += Buffer.byteLength(text)
    else if ('acked' in line) reading.acked.push(line.acked)
    else reading.messages.push(line.message)
  }
  return reading
}

function readLine(text: string): Line | null {
  const json = text.slice(9)
  if (text[8] !== ' ' || Number.parseInt(text.slice(0, 8), 16) !== crc32(json)) return null
  try {
    return JSON.parse(json) as Line
  } catch {
    return null
  }
}
