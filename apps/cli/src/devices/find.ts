import type { Api } from '../api'
import { Failure } from '../failure'
import { allDevices } from './pages'
import type { Device } from './replies'

/** The device with this id, or with this name when only one has it. Throws `Failure` when there is none, or several. */
export async function findDevice(api: Api, idOrName: string): Promise<Device> {
  const devices = await allDevices(api, idOrName)
  const byId = devices.find(({ id }) => id === idOrName)
  const byName = devices.filter(({ name }) => name === idOrName)
  const [found, ...others] = byId ? [byId] : byName
  if (!found)
    throw new Failure('not-found', `There is no device ${idOrName}.`, 'tradewind devices list shows them all.')
  if (others.length > 0) throw ambiguous(idOrName, byName)
  return found
}

function ambiguous(name: string, devices: Device[]): Failure {
  const ids = devices.map(({ id, revokedMs }) => (revokedMs === null ? id : `${id} (revoked)`))
  return new Failure('ambiguous', `${devices.length} devices have the name ${name}.`, `Use an id: ${ids.join(', ')}`)
}
