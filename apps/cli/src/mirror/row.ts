import type { Mirrored } from '@tradewind/protocol'
import { bytes, type Cell, orUnknown, relative, span } from '../format'

const styles = { whole: 'green', waiting: 'yellow', fetching: 'yellow', failed: 'red' } as const

export const mirrorRow = (one: Mirrored, nowMs: number): Cell[] => [
  one.build,
  { text: one.state, style: styles[one.state] },
  bytes(one.progress?.doneBytes ?? one.hereBytes),
  bytes(one.bytes),
  String(one.devices),
  orUnknown(one.lastUsedMs, (ms) => relative(ms, nowMs)),
  one.trouble ? `${one.trouble.code}: ${one.trouble.message}` : one.progress ? speedWords(one.progress) : '',
]

/** Of a build that is fetched. */
export function progressWords({ build, bytes: total, hereBytes, state, progress }: Mirrored): string {
  const done = progress?.doneBytes ?? hereBytes
  const speed = progress ? speedWords(progress) : state
  return `${build}: ${Math.floor((100 * done) / total)} % of ${bytes(total)}, ${speed}`
}

const speedWords = ({ bytesPerSecond, etaSeconds }: NonNullable<Mirrored['progress']>) =>
  `${orUnknown(bytesPerSecond, bytes)}/s, ${orUnknown(etaSeconds, (seconds) => span(seconds * 1000))} to go`
