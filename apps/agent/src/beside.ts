import { existsSync } from 'node:fs'

/**
 * A file that the bundler lays beside the program. The program's own parts lie there too, or one folder deeper; run from
 * its sources, or within a benchmark's bundle, it takes what the bundler made last.
 */
export function beside(name: string): URL {
  const inCheckout = `../../../apps/agent/dist/${name}`
  const places = [`./${name}`, `../${name}`, `../dist/${name}`, inCheckout].map(
    (place) => new URL(place, import.meta.url),
  )
  const found = places.find((place) => existsSync(place))
  if (!found) throw new Error(`${name} is missing: run \`node tools/bundle.mjs agent\``)
  return found
}
