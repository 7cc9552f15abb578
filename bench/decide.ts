// What placement costs: every build judged for every device of a fleet, on one core, and how that grows.
import { decider, gemma4, type PlacementDevice, type Workload } from '@tradewind/fleet'
import { Facts } from '@tradewind/protocol'
import captured from '../apps/cli/src/models/hosts.json'
import { median } from './load/process-usage'

const rounds = 7
const defaultSizes = [100, 1_000, 10_000, 100_000]
/** For devices that hear and for one that does not: each judges all builds. */
const workloads: Workload[] = [
  { id: 'calls', useCases: ['transcription'], context: 4_096 },
  { id: 'documents', useCases: ['long-document-retrieval'], context: 131_072 },
]

const isJson = process.argv.includes('--json')
const say = (line: string) => isJson || console.log(line)
const asked = process.argv
  .slice(3)
  .filter((arg) => /^\d+$/.test(arg))
  .map(Number)

const results = (asked.length > 0 ? asked : defaultSizes).flatMap((size) =>
  workloads.map((workload) => measure(size, workload)),
)
if (isJson) console.log(JSON.stringify({ bench: 'decide', builds: gemma4.builds.length, results }, null, 2))

function measure(devices: number, workload: Workload) {
  const fleet = fleetOf(devices)
  const decided = new Map<string, number>()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    decided.clear()
    const began = process.cpuUsage()
    const decide = decider(gemma4, workload)
    for (const device of fleet) {
      const { kind } = decide(device).outcome
      decided.set(kind, (decided.get(kind) ?? 0) + 1)
    }
    const { user, system } = process.cpuUsage(began)
    times.push((user + system) / 1000)
  }
  // the first rounds warm the compiler; a hub that has just started pays them once
  const cpuMs = median(times)
  const result = {
    workload: workload.id,
    devices,
    cpuMs: Number(cpuMs.toPrecision(3)),
    firstRoundMs: Number((times[0] ?? 0).toPrecision(3)),
    usPerDevice: Number(((cpuMs * 1000) / devices).toPrecision(3)),
    outcomes: Object.fromEntries(decided),
  }
  say(
    `${workload.id.padEnd(10)} ${String(devices).padStart(7)} devices  ${cpuMs.toFixed(1)} ms of CPU, ${result.usPerDevice} us each`,
  )
  return result
}

/** The captured hosts in turn, no two of them with the same free memory. */
function fleetOf(count: number): PlacementDevice[] {
  return Array.from({ length: count }, (_, i) => {
    const { deviceClass, facts } = captured[i % captured.length] as (typeof captured)[number]
    const known = Facts.parse(facts)
    const free = known.memory && Math.floor(known.memory.totalBytes * (0.5 + ((i * 7919) % 4000) / 10_000))
    return {
      deviceClass,
      facts: { ...known, ...(known.memory && { memory: { ...known.memory, availableBytes: free } }) },
    }
  })
}
