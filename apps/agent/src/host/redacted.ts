import { type Host, HostError, type Inventory } from './host'
import { mountOf, parseMountinfo } from './mounts'

const dataDir = '/var/lib/tradewind'

/**
 * The host with everything replaced that tells one device, person or network from another: its name, serials, hardware
 * addresses, other addresses than loopback, identifiers of disks and boots, names of users, mounts and containers. What
 * is replaced stays the same within one such host, so that names still lead to their files.
 */
export function redacted(host: Host): Host {
  const aliases = new Aliases()
  const hide = <T>(work: Promise<T>, clean: (answer: T) => T): Promise<T> =>
    work.then(clean, (error: Error) => {
      throw new HostError(codeOf(error), aliases.hide(error.message))
    })
  return {
    ...host,
    hostname: 'host',
    dataDir,
    prefix: host.prefix?.includes('com.termux') ? '/data/data/com.termux/files/usr' : undefined,
    bootId: () => '00000000-0000-4000-8000-000000000000',
    readFile: (file) => hide(host.readFile(aliases.reveal(file)), (text) => aliases.hide(cleanFile(file, text, host))),
    readDir: (folder) => hide(host.readDir(aliases.reveal(folder)), (names) => names.map((name) => aliases.hide(name))),
    run: (command, args, limit) =>
      hide(host.run(command, args.map(aliases.reveal), limit), (text) =>
        aliases.hide(cleanOutput(command, args, text)),
      ),
    statFilesystem: () =>
      host.statFilesystem(host.dataDir).catch((error: Error) => {
        throw new HostError(codeOf(error), `statfs ${dataDir}`)
      }),
    addresses: () => hide(host.addresses(), (found) => cleanAddresses(found, aliases)),
    measured: (what) => hide(host.measured(what), (rate) => rate),
    largestPrograms: () =>
      hide(host.largestPrograms(), (programs) =>
        programs.map(({ name, residentBytes }) => ({ name: aliases.hide(name), residentBytes })),
      ),
    inventory: (section) => hide(host.inventory(section), (answer) => cleanInventory(section, answer, aliases)),
  }
}

const codeOf = (error: Error) => (error instanceof HostError ? error.code : 'failed')

/** UUIDs and hardware addresses, also within names (enx0123456789ab): other digits, of the same shape. */
class Aliases {
  readonly #aliasOf = new Map<string, string>()
  readonly #originalOf = new Map<string, string>()

  hide = (text: string) => text.replace(unique, (original) => this.#alias(original))

  reveal = (text: string) => text.replace(unique, (alias) => this.#originalOf.get(alias) ?? alias)

  #alias(original: string): string {
    const known = this.#aliasOf.get(original)
    if (known) return known
    const digits = (this.#aliasOf.size + 1).toString(16).padStart(original.replace(/[:_-]/g, '').length, '0')
    let next = 0
    const alias = original.replace(/[0-9a-f]/gi, () => digits[next++] ?? '0')
    this.#aliasOf.set(original, alias)
    this.#originalOf.set(alias, original)
    return alias
  }
}
const unique =
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<![0-9a-f])(?:[0-9a-f]{2}[:_-]){5}[0-9a-f]{2}(?![0-9a-f])|(?<=\b(?:enx|wlx|wwx))[0-9a-f]{12}\b/gi

function cleanFile(file: string, text: string, host: Host): string {
  if (/serial/.test(file)) return 'redacted'
  if (file.endsWith('/uevent')) return linesOf(text, /^(MAJOR|MINOR|DEVNAME|DEVTYPE|DRIVER|OF_COMPATIBLE_\d+|PCI_ID)=/)
  switch (file) {
    case '/proc/cpuinfo':
      return text.replace(/^(Serial\s*:\s*)\S+/m, '$10000000000000000')
    case '/proc/self/mountinfo':
      return cleanMounts(text, host)
    case '/proc/swaps':
      return text.replace(/^(?!Filename|\/dev\/(?:zram|dm-|nvme|mmcblk|[svh]d)\w+\s)\S+/gm, '/swap')
    case '/proc/1/cgroup':
      return text
        .replace(/(\/docker[-/]|\/libpod[-/]?|\/lxc[./]).*$/gm, '$1redacted')
        .replace(/\/user[@-][^/]*/g, '/user')
    case '/run/.containerenv':
      return ''
    default:
      return text
  }
}

/** Names of networks, serials of disks and where programs lie are left out. */
function cleanOutput(command: string, args: string[], text: string): string {
  switch (command) {
    case 'iw':
      return linesOf(text, /^\s*signal:/)
    case 'termux-wifi-connectioninfo':
      return /"rssi": *-?\d+/.exec(text)?.[0].replace(/.*/, '{ $& }\n') ?? ''
    case 'smartctl':
    case 'nvme':
      return /"percent(?:age)?_used" *: *\d+/.exec(text)?.[0].replace(/.*/, '{ $& }\n') ?? ''
    case 'nvidia-smi':
      return args.some((arg) => arg.startsWith('--query-compute-apps'))
        ? text.replace(/^([^,\n]*, *\d+, *).*[/\\]/gm, '$1')
        : text
    default:
      return text
  }
}

const linesOf = (text: string, wanted: RegExp) =>
  text
    .split('\n')
    .filter((line) => wanted.test(line))
    .map((line) => `${line}\n`)
    .join('')

/** Only the mount below the data: the others, and where they lead to, are nobody's business. */
function cleanMounts(text: string, host: Host): string {
  const mount = mountOf(parseMountinfo(text), host.dataDir)
  if (!mount) return ''
  const source = /^(\/dev\/[\w-]+|\w+)$/.test(mount.source) ? mount.source : '/dev/mapper/volume'
  return `1 0 ${mount.device} / / rw - ${mount.filesystem} ${source} rw\n`
}

function cleanAddresses(found: Record<string, string[]>, aliases: Aliases): Record<string, string[]> {
  let count = 0
  const clean = (address: string) => {
    if (/^(127\.|::1$)/.test(address)) return address
    count++
    if (!address.includes(':')) return `192.0.2.${count % 255}`
    return `${/^fe80:/i.test(address) ? 'fe80' : '2001:db8'}::${count.toString(16)}`
  }
  return Object.fromEntries(Object.entries(found).map(([name, list]) => [aliases.hide(name), list.map(clean)]))
}

/** What a probe asks for. The library answers with more, host names and serials among it. */
const asked: { [S in keyof Inventory]: string[] } = {
  cpu: ['manufacturer', 'brand', 'cores', 'physicalCores', 'speedMax', 'flags'],
  mem: ['total', 'available', 'swaptotal'],
  system: ['manufacturer', 'model', 'version', 'serial'],
  osInfo: ['distro', 'release', 'kernel'],
  networkInterfaces: ['iface', 'type'],
  battery: ['hasBattery', 'percent', 'isCharging', 'acConnected'],
}

function cleanInventory<S extends keyof Inventory>(section: S, answer: Inventory[S], aliases: Aliases): Inventory[S] {
  const clean = (value: Record<string, unknown>) =>
    Object.fromEntries(
      asked[section].map((name) => [name, name === 'serial' ? 'redacted' : hidden(value[name], aliases)]),
    )
  const cleaned = Array.isArray(answer) ? answer.map(clean) : clean(answer as Record<string, unknown>)
  return cleaned as unknown as Inventory[S]
}

const hidden = (value: unknown, aliases: Aliases) => (typeof value === 'string' ? aliases.hide(value) : value)
