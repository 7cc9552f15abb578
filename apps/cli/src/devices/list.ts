import { bytes, type Cell, orUnknown, relative, type Style } from '../format'
import type { Session } from '../session'
import { allDevices, allWaiting } from './pages'
import type { Device, Parked } from './replies'

export type ListOptions = { presence?: string; filter?: string; json?: boolean }

export async function listDevices(session: Session, options: ListOptions) {
  const [devices, parked] = await Promise.all([allDevices(session.api), allWaiting(session.api)])
  const shown = devices.filter((device) => isWanted(device, options))
  const waiting = parked.filter((device) => isWaiting(device, options))
  if (options.json) return session.json({ devices: shown, parked: waiting })
  if (shown.length > 0)
    session.table(
      deviceHead,
      shown.map((device) => deviceCells(device, session.nowMs)),
    )
  else session.say(devices.length > 0 ? 'No device fits.' : 'No device is enrolled yet: tradewind token create.')
  if (waiting.length > 0) showWaiting(session, waiting)
}

const contains = (texts: (string | null)[], part: string) =>
  texts.some((text) => text?.toLowerCase().includes(part.toLowerCase()))

const isWanted = (device: Device, { presence, filter }: ListOptions) =>
  (presence === undefined || (device.presence?.state ?? 'unknown') === presence) &&
  (filter === undefined || contains([device.name, device.id, device.board, device.cpu, device.os], filter))

/** Who waits for approval has no presence yet. */
const isWaiting = (device: Parked, { presence, filter }: ListOptions) =>
  presence === undefined &&
  (filter === undefined || contains([device.name, device.fingerprint, device.board, device.address], filter))

const deviceHead = ['NAME', 'ID', 'PRESENCE', 'SYNC', 'BOARD', 'MEMORY', 'OS', 'AGENT']

function deviceCells(device: Device, nowMs: number): Cell[] {
  return [
    device.revokedMs === null ? device.name : `${device.name} (revoked)`,
    device.id,
    presenceCell(device, nowMs),
    syncCell(device),
    orUnknown(device.board),
    orUnknown(device.memoryBytes, bytes),
    orUnknown(device.os),
    orUnknown(device.agentVersion),
  ]
}

const presenceStyles = new Map<string, Style>([
  ['online', 'green'],
  ['disconnected', 'yellow'],
  ['lost', 'red'],
])
const syncStyles = new Map<string, Style>([
  ['in-sync', 'green'],
  ['pending', 'yellow'],
  ['failed', 'red'],
])

export const presenceCell = ({ presence }: Pick<Device, 'presence'>, nowMs: number) =>
  presence === null
    ? 'unknown'
    : styled(`${presence.state}, ${relative(presence.sinceMs, nowMs)}`, presenceStyles.get(presence.state))

export const syncCell = ({ sync }: Pick<Device, 'sync'>) => styled(sync, syncStyles.get(sync))

const styled = (text: string, style: Style | undefined): Cell => (style ? { text, style } : text)

function showWaiting(session: Session, waiting: Parked[]) {
  session.say('')
  session.say('Awaiting approval: compare the fingerprint with the device, then tradewind devices approve FINGERPRINT.')
  session.table(
    ['NAME', 'FINGERPRINT', 'BOARD', 'ADDRESS', 'ASKED FIRST', 'ASKED LAST'],
    waiting.map(({ name, fingerprint, board, address, firstMs, lastMs }) => [
      name,
      fingerprint,
      orUnknown(board),
      address,
      relative(firstMs, session.nowMs),
      relative(lastMs, session.nowMs),
    ]),
  )
}
