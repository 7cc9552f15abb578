import { readFileSync } from 'node:fs'
import type { EngineFailure } from './engine'
import type { Exit } from './runtime'

/** What is known of how processes die here. `outOfMemoryKills`: how many the kernel counts, null where it does not say. */
export type Deaths = { isAndroid: boolean; outOfMemoryKills(): number | null }

/** `before`: the kernel's count when the process began. Of a process that ended by itself, why. */
export function failureOf(exit: Exit, deaths: Deaths, before: number | null): EngineFailure {
  if (exit.said) return exit.said
  if (exit.signal !== 'SIGKILL') {
    if (exit.signal) return { code: 'killed-by-signal', detail: { signal: exit.signal } }
    return { code: 'ended', detail: { exitCode: exit.code ?? -1 } }
  }
  const after = deaths.outOfMemoryKills()
  if (before !== null && after !== null && after > before)
    return { code: 'out-of-memory', detail: { kills: after - before } }
  if (deaths.isAndroid)
    return { code: 'killed-likely-by-android', detail: { why: 'no out-of-memory record can be read' } }
  return { code: 'killed-by-signal', detail: { signal: 'SIGKILL' } }
}

/** As Linux counts them since it started, readable by everybody. */
export function outOfMemoryKills(): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1]
    return count === undefined ? null : Number(count)
  } catch {
    return null
  }
}
