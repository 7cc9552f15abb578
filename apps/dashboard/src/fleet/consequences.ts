import type { FleetRow } from '@tradewind/store'
import { count } from '../words/format'

// What a deed does to many devices, in numbers, before it is done.

const devices = (number: number) => (number === 1 ? '1 device' : `${count(number)} devices`)
const verb = (number: number, one: string, many: string) => (number === 1 ? one : many)
const howMany = (rows: FleetRow[], is: (row: FleetRow) => boolean) => rows.filter(is).length
const isOnline = (row: FleetRow) => row.presence?.state === 'online'

export function ofRestart(rows: FleetRow[]): string[] {
  const serving = rows.filter((row) => row.serving !== null)
  const away = howMany(serving, (row) => !isOnline(row))
  const idle = rows.length - serving.length
  return [
    serving.length > 0
      ? `${devices(serving.length)} ${verb(serving.length, 'stops', 'stop')} serving until the model is loaded again.`
      : 'None of them serves a model, so there is nothing to start anew.',
    ...(away > 0
      ? [
          `${count(away)} of them ${verb(away, 'is not online: it does so when it is back', 'are not online: they do so when they are back')}.`,
        ]
      : []),
    ...(idle > 0 && serving.length > 0
      ? [`For ${count(idle)} that ${verb(idle, 'serves', 'serve')} nothing, nothing changes.`]
      : []),
  ]
}

export function ofRevoking(rows: FleetRow[]): string[] {
  const fresh = rows.filter((row) => row.revokedMs === null)
  const online = howMany(fresh, isOnline)
  const serving = howMany(fresh, (row) => row.serving !== null)
  const before = rows.length - fresh.length
  return [
    `${devices(fresh.length)} ${verb(fresh.length, 'is', 'are')} shut out for good, and can only come back as new ones.`,
    ...(online > 0 ? [`${count(online)} ${verb(online, 'is', 'are')} online and cut off at once.`] : []),
    ...(serving > 0
      ? [`${count(serving)} ${verb(serving, 'serves', 'serve')} a model that you no longer reach through the hub.`]
      : []),
    ...(before > 0 ? [`${count(before)} ${verb(before, 'was', 'were')} revoked before.`] : []),
  ]
}

type Change = { name: string; value: string | null }

/** `value` null: the label is taken away. */
export function ofLabelling(rows: FleetRow[], { name, value }: Change): string[] {
  const has = howMany(rows, ({ labels }) => labels[name] !== undefined)
  if (value === null)
    return [
      has > 0
        ? `${devices(has)} ${verb(has, 'loses', 'lose')} the label ${name}.`
        : `None of them has a label ${name}.`,
    ]
  const same = howMany(rows, ({ labels }) => labels[name] === value)
  const other = has - same
  const fresh = rows.length - same
  return [
    fresh > 0
      ? `${devices(fresh)} ${verb(fresh, 'gets', 'get')} ${name}=${value}.`
      : `All of them have ${name}=${value}.`,
    ...(other > 0 ? [`${count(other)} of them had another ${name} before.`] : []),
    ...(same > 0 && fresh > 0 ? [`${count(same)} ${verb(same, 'has', 'have')} it already.`] : []),
  ]
}

/** Beyond so many, their ids no longer fit into an address. */
const mostInAddress = 500

/**
 * Where a selection is assigned: by its ids; or by the labels that it was chosen by, when it is all that they choose, so
 * that a device that gets them later is meant too. Null: too many for an address.
 */
export function assignAddress(rows: FleetRow[], byLabels: string | null): string | null {
  if (byLabels) return `/assign?${new URLSearchParams({ labels: byLabels })}`
  if (rows.length > mostInAddress) return null
  return `/assign?${new URLSearchParams({ devices: rows.map(({ id }) => id).join(',') })}`
}
