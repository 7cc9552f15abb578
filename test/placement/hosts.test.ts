import path from 'node:path'
import { expect, test } from 'vitest'
import { capturedHost } from '../../apps/agent/src/host/captured'
import { probeAll } from '../../apps/agent/src/probe/probe'

const fixtures = path.join(import.meta.dirname, '../fixtures/hosts')
const shipped = path.join(import.meta.dirname, '../../apps/cli/src/models/hosts.json')
const names = [
  'pi-5-4gb',
  'pi-5-8gb',
  'pi-5-16gb',
  'android-12gb-termux',
  'macbook-air-m2',
  'laptop-16gb',
  'rtx4090',
  'rtx4090x2',
]

/** Names, addresses and serials are of no use to placement. */
async function factsOf(name: string) {
  const host = await capturedHost(path.join(fixtures, name))
  const { deviceClass, facts } = await probeAll(host, '0.0.0', 0)
  const { network: _, ...rest } = facts
  return { name, deviceClass, facts: { ...rest, ...(rest.board ? { board: { model: rest.board.model } } : {}) } }
}

/** `vitest run test/placement -u` writes the list anew after a probe or a capture has changed. */
test('the hosts that the command line knows by name are what the probes say of the captures', async () => {
  const hosts = await Promise.all(names.map(factsOf))
  await expect(`${JSON.stringify(hosts, null, 2)}\n`).toMatchFileSnapshot(shipped)
})
