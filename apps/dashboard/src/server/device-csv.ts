import type { FleetRow, Store } from '@tradewind/store'
import { presenceOf } from '../fleet/filters'
import { writeLabels } from '../fleet/label-words'
import { type Cell, csvLine } from './csv'

const columns: [name: string, of: (row: FleetRow) => Cell][] = [
  ['name', ({ name }) => name],
  ['id', ({ id }) => id],
  ['presence', presenceOf],
  ['presence_since_utc', ({ presence }) => moment(presence?.sinceMs)],
  ['sync', ({ sync }) => sync],
  ['build', ({ serving }) => serving?.build ?? null],
  ['engine', ({ serving }) => serving?.state ?? null],
  ['problems', ({ problems }) => problems.join(' ')],
  ['labels', ({ labels }) => writeLabels(labels)],
  ['device_class', ({ deviceClass }) => deviceClass],
  ['board', ({ board }) => board],
  ['cpu', ({ cpu }) => cpu],
  ['cores', ({ cores }) => cores],
  ['memory_bytes', ({ memoryBytes }) => memoryBytes],
  ['system', ({ os }) => os],
  ['agent_version', ({ agentVersion }) => agentVersion],
  ['cpu_busy_percent', ({ latest }) => tenths(latest?.cpuBusy, 100)],
  ['temperature_celsius', ({ latest }) => tenths(latest?.temperatureC, 1)],
  ['last_sample_utc', ({ latest }) => moment(latest?.atMs)],
  ['enrolled_utc', ({ enrolledMs }) => moment(enrolledMs)],
  ['revoked_utc', ({ revokedMs }) => moment(revokedMs)],
]

const moment = (atMs: number | null | undefined) => (atMs == null ? null : new Date(atMs).toISOString())
const tenths = (value: number | null | undefined, times: number) =>
  value == null ? null : Math.round(value * times * 10) / 10

/** Read and written so many at a time, so that the first lines leave before the last are read. */
const atATime = 500

/** These devices, in their order, with a header. What ends in `_utc` is ISO 8601. */
export function csvOfDevices(opened: Pick<Store, 'fleetRows'>, ids: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let next = 0
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(csvLine(columns.map(([name]) => name)))),
    async pull(controller) {
      const some = ids.slice(next, next + atATime)
      next += atATime
      if (some.length === 0) return controller.close()
      const rows = await opened.fleetRows(some)
      controller.enqueue(encoder.encode(rows.map((row) => csvLine(columns.map(([, of]) => of(row)))).join('')))
    },
  })
}
