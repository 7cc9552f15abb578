import type { CapabilityReport, Fact, FactName, Facts, Unreadable } from '@tradewind/protocol'

/** The report as a person reads it: a line or more per fact, then what could not be read and why. */
export function describe({ facts, unreadable, agentVersion, deviceClass }: CapabilityReport): string {
  const known = (Object.keys(titles) as FactName[]).flatMap((name) =>
    linesOf(facts, name).map((line, i) => `  ${(i === 0 ? titles[name] : '').padEnd(14)}${line}`),
  )
  const gaps = unreadable.map(({ fact, code, detail }) => `  ${fact}: ${reasons[code]} (${detail})`)
  return [
    `Agent ${agentVersion}, device class ${deviceClass}`,
    '',
    ...known,
    ...(gaps.length > 0 ? ['', 'Could not be read:', ...gaps] : []),
    '',
  ].join('\n')
}

const titles: Record<FactName, string> = {
  board: 'Board',
  cpu: 'CPU',
  memory: 'Memory',
  accelerators: 'Accelerators',
  storage: 'Storage',
  os: 'System',
  power: 'Power',
  throttling: 'Throttling',
  thermal: 'Temperature',
  network: 'Network',
}

const reasons: Record<Unreadable['code'], string> = {
  'not-present': 'not found',
  'permission-denied': 'not permitted',
  'timed-out': 'no answer in time',
  garbled: 'not understood',
  'too-large': 'too large',
  unsupported: 'not possible here',
  failed: 'failed',
}

function linesOf(facts: Facts, name: FactName): string[] {
  const fact = facts[name]
  return fact === undefined ? [] : (words[name] as (fact: Facts[FactName]) => string[])(fact)
}

type Words = { [N in FactName]: (fact: Fact<N>) => string[] }

const words: Words = {
  board: ({ model, maker, revision }) => [listed(model, maker, revision && `revision ${revision}`)],
  cpu: ({ model, architecture, logicalCores, physicalCores, maxMhz, features }) => [
    listed(
      model,
      architecture,
      `${logicalCores} logical cores`,
      physicalCores && `${physicalCores} physical`,
      maxMhz && `up to ${maxMhz} MHz`,
    ),
    ...(features.length > 0 ? [features.join(' ')] : []),
  ],
  memory: ({ totalBytes, availableBytes, bandwidthBytesPerSecond, swapTotalBytes, swaps, pressure, holders }) => [
    listed(
      size(totalBytes),
      availableBytes === undefined ? undefined : `${size(availableBytes)} available`,
      bandwidthBytesPerSecond && `${rate(bandwidthBytesPerSecond)} copying`,
    ),
    ...(swapTotalBytes === undefined ? [] : [swapLine(swapTotalBytes, swaps)]),
    ...(pressure === undefined ? [] : [`${percent(pressure)} of the last minute waited for memory`]),
    ...holderLines(holders),
  ],
  accelerators: (list) =>
    list.flatMap(({ name, driver, totalBytes, freeBytes, holders }) => [
      listed(
        name,
        totalBytes === undefined ? undefined : size(totalBytes),
        freeBytes === undefined ? undefined : `${size(freeBytes)} free`,
        driver && `driver ${driver}`,
      ),
      ...holderLines(holders),
    ]),
  storage: ({ kind, filesystem, totalBytes, freeBytes, path, readBytesPerSecond, wear }) => [
    listed(`${size(freeBytes)} free of ${size(totalBytes)}`, kind, filesystem, path),
    ...(readBytesPerSecond === undefined ? [] : [`${rate(readBytesPerSecond)} reading`]),
    ...(wear === undefined ? [] : [`${percent(wear)} of its rated life used`]),
  ],
  os: ({ name, version, kernel, platform, surroundings }) => [
    listed(version ? `${name} ${version}` : name, platform, `kernel ${kernel}`),
    ...(surroundings ? [`inside of ${surroundings.join(', ')}`] : []),
  ],
  power: ({ source, batteries = [], supplyVolts }) => [
    ...(source ? [source === 'battery' ? 'from the battery' : 'from outside'] : []),
    ...batteries.map(({ level, charging }) =>
      listed('battery', level === undefined ? undefined : percent(level), charging ? 'charging' : undefined),
    ),
    ...(supplyVolts === undefined ? [] : [`${supplyVolts} V at the input`]),
  ],
  throttling: ({ now, sinceBoot }) => [
    `now: ${now.join(', ') || 'none'}`,
    `since boot: ${sinceBoot.join(', ') || 'none'}`,
  ],
  thermal: ({ zones, fans = [] }) => [
    ...zones.map(({ name, celsius, criticalCelsius }) =>
      listed(`${name} ${celsius} °C`, criticalCelsius && `powers off at ${criticalCelsius} °C`),
    ),
    ...fans.map(({ level, maxLevel }) => `fan at level ${level} of ${maxLevel}`),
  ],
  network: ({ hostname, interfaces }) => [
    hostname,
    ...interfaces.map(({ name, kind, addresses, signalDbm }) =>
      listed(name, kind, addresses.join(' ') || 'no address', signalDbm && `signal ${signalDbm} dBm`),
    ),
  ],
}

const holderLines = (holders: Fact<'memory'>['holders'] = []) =>
  holders.map(({ name, bytes }) => `${size(bytes)} held by ${name}`)

function swapLine(totalBytes: number, swaps: Fact<'memory'>['swaps'] = []): string {
  if (totalBytes === 0) return 'no swap'
  const kinds = [...new Set(swaps.map(({ kind }) => kind))].join(' and ')
  return `${size(totalBytes)} swap${kinds ? ` (${kinds})` : ''}`
}

const listed = (...parts: (string | number | undefined)[]) => parts.filter((part) => part).join(', ')
const percent = (share: number) => `${Math.round(share * 1000) / 10} %`

/** Of buses and disks, in the units that their makers use. */
const rate = (bytesPerSecond: number) =>
  bytesPerSecond >= 1e9 ? `${(bytesPerSecond / 1e9).toFixed(1)} GB/s` : `${(bytesPerSecond / 1e6).toFixed(0)} MB/s`

function size(bytes: number): string {
  const gibibytes = bytes / 1024 ** 3
  return gibibytes >= 1 ? `${gibibytes.toFixed(1)} GiB` : `${(bytes / 1024 ** 2).toFixed(0)} MiB`
}
