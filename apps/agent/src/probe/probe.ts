import { deviceClassOf } from '@tradewind/fleet'
import { type CapabilityReport, type FactName, Facts, type Unreadable } from '@tradewind/protocol'
import { type Host, HostError, within } from '../host/host'
import { probeAccelerators } from './accelerators'
import { probeBoard } from './board'
import { probeCpu } from './cpu'
import { type Probe, unreadableOf } from './gaps'
import { probeMemory } from './memory'
import { probeNetwork } from './network'
import { probeOs } from './os'
import { probePower } from './power'
import { probeStorage } from './storage'
import { probeThermal } from './thermal'
import { probeThrottling } from './throttling'

/** Every fact and who asks for it. */
const probes: { [N in FactName]: Probe<N> } = {
  cpu: probeCpu,
  memory: probeMemory,
  storage: probeStorage,
  os: probeOs,
  board: probeBoard,
  network: probeNetwork,
  thermal: probeThermal,
  throttling: probeThrottling,
  power: probePower,
  accelerators: probeAccelerators,
}

/**
 * All facts of the host at one time. The probes run side by side, each for at most `limitMs`; one that fails, hangs or
 * says what no schema accepts costs its own fact and an entry in `unreadable`. Never throws.
 */
export async function probeAll(
  host: Host,
  agentVersion: string,
  nowMs: number,
  limitMs = 10_000,
): Promise<CapabilityReport> {
  const names = Object.keys(probes) as FactName[]
  const results = await Promise.all(names.map((name) => probeFact(host, name, limitMs)))
  const facts: Facts = Object.assign({}, ...results.map(({ facts }) => facts))
  const unreadable = results.flatMap((result) => result.unreadable).slice(0, 64)
  return { at: nowMs, agentVersion, deviceClass: deviceClassOf(facts), facts, unreadable }
}

/** One fact, or none and why; as `probeAll` asks for each. Never throws. */
export async function probeFact(
  host: Host,
  name: FactName,
  limitMs = 10_000,
): Promise<{ facts: Facts; unreadable: Unreadable[] }> {
  try {
    const { fact, unreadable } = await within(limitMs, `probe ${name}`, (probes[name] as Probe<FactName>)(host))
    const checked = Facts.safeParse(fact === undefined ? {} : { [name]: fact })
    if (checked.success) return { facts: checked.data, unreadable }
    const { path, message } = checked.error.issues[0] ?? { path: [name], message: 'invalid' }
    throw new HostError('garbled', `${path.map(String).join('.')}: ${message}`)
  } catch (error) {
    return { facts: {}, unreadable: [unreadableOf(name, error)] }
  }
}
