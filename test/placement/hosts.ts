import type { PlacementDevice } from '@tradewind/fleet'
import { Facts } from '@tradewind/protocol'
import captured from '../../apps/cli/src/models/hosts.json'

export { resolved } from '../../packages/fleet/src/placement/example'

/** The captured hosts by name; that they are what the probes say is a test of its own. */
export const hosts = new Map<string, PlacementDevice>(
  captured.map(({ name, deviceClass, facts }) => [name, { deviceClass, facts: Facts.parse(facts) }]),
)

export function host(name: string): PlacementDevice {
  const found = hosts.get(name)
  if (!found) throw new Error(`no captured host ${name}`)
  return found
}
