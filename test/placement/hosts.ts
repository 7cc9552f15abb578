import { gemma4, type PlacementDevice } from '@tradewind/fleet'
import { type Catalogue, Facts } from '@tradewind/protocol'
import captured from '../../apps/cli/src/models/hosts.json'

/** The captured hosts by name; that they are what the probes say is a test of its own. */
export const hosts = new Map<string, PlacementDevice>(
  captured.map(({ name, deviceClass, facts }) => [name, { deviceClass, facts: Facts.parse(facts) }]),
)

export function host(name: string): PlacementDevice {
  const found = hosts.get(name)
  if (!found) throw new Error(`no captured host ${name}`)
  return found
}

/** The catalogue as it will be when its files are resolved: each with an invented commit and the rest of its hash. */
export const resolved: Catalogue = {
  ...gemma4,
  builds: gemma4.builds.map((build) => ({
    ...build,
    files: build.files.map((file) => ({
      ...file,
      exact: true,
      commit: file.commit ?? 'c'.repeat(40),
      sha256: (file.sha256 ?? '').padEnd(64, '0'),
    })),
  })),
}
