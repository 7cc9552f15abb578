import { hostname, networkInterfaces } from 'node:os'

/** Under what devices may reach this machine, best first: given names, LAN addresses, the host's name, loopback. */
export function ownAddresses(given: string | undefined): string[] {
  const chosen = (given ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  if (chosen.length > 0) return chosen
  const lan = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
  return [...new Set([...lan.slice(0, 8), hostname(), '127.0.0.1'])]
}
