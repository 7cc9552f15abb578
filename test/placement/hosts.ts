import { gemma4, type PlacementDevice } from '@tradewind/fleet'
import { type Catalogue, Facts, type ModelFile } from '@tradewind/protocol'
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

/** Begins as what is known of it, and differs from file to file. */
const inventedHash = ({ repository, path, sha256 }: ModelFile) =>
  `${sha256 ?? ''}${Buffer.from(repository + path)
    .reverse()
    .toString('hex')}`
    .slice(0, 64)
    .padEnd(64, '0')

/** The catalogue as it will be when its files are resolved: each with an invented commit and the rest of its hash. */
export const resolved: Catalogue = {
  ...gemma4,
  builds: gemma4.builds.map((build) => ({
    ...build,
    files: build.files.map((file) => ({
      ...file,
      exact: true,
      commit: file.commit ?? 'c'.repeat(40),
      sha256: inventedHash(file),
    })),
  })),
}
