import { deviceClassOf, type PlacementDevice } from '@tradewind/fleet'
import { Facts } from '@tradewind/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { findDevice } from '../devices/find'
import { Detail } from '../devices/replies'
import { Failure } from '../failure'
import { openSession } from '../session'
import type { Terminal } from '../terminal'
import captured from './hosts.json'

export type MachineOptions = {
  host?: string
  ram?: number
  free?: number
  card?: number[]
  platform?: 'linux' | 'android' | 'darwin'
  engine?: 'litert-lm'
}

/** Adds the options that imagine a machine. */
export const withMachine = (command: Command): Command =>
  command
    .addOption(new Option('--host <name>', 'a captured host').choices(captured.map(({ name }) => name)))
    .option('--ram <size>', 'imagine a machine with so much memory: 4GiB, 16GB', size)
    .option('--free <size>', 'so much of it is free now', size)
    .option('--card <size>', 'it has a graphics card with so much memory, all of it free; may be repeated', sizes)
    .addOption(new Option('--platform <name>', 'what it runs').choices(['linux', 'android', 'darwin']).default('linux'))
    .addOption(new Option('--engine <name>', 'an engine that is there besides llama-server').choices(['litert-lm']))

/** The machine that the options name or imagine. Throws `Failure` when they do neither, or both. */
export function machineOf(options: MachineOptions): PlacementDevice {
  const { host, ram } = options
  if ((host === undefined) === (ram === undefined))
    throw new Failure('usage', 'Say which machine.', 'Give either --host NAME or --ram SIZE.')
  const facts = ram === undefined ? capturedFacts(host) : imaginedFacts(ram, options)
  return { deviceClass: deviceClassOf(facts), facts, ...enginesOf(options) }
}

const enginesOf = ({ engine }: MachineOptions): Pick<PlacementDevice, 'engines'> =>
  engine === undefined
    ? {}
    : {
        engines: [
          { engine: 'llama-server', build: null },
          { engine, build: null },
        ],
      }

const capturedFacts = (host: string | undefined): Facts =>
  Facts.parse(captured.find(({ name }) => name === host)?.facts ?? {})

const imaginedFacts = (ram: number, { free, card = [], platform = 'linux' }: MachineOptions): Facts => ({
  memory: { totalBytes: ram, ...(free === undefined ? {} : { availableBytes: free }) },
  os: { platform, name: platform, kernel: 'imagined' },
  accelerators: card.map((bytes) => ({
    kind: 'nvidia',
    name: 'imagined card',
    totalBytes: bytes,
    freeBytes: bytes,
  })),
})

/** An enrolled device as its last report describes it. Throws `Failure` when there is none. */
export async function enrolledDevice(terminal: Terminal, idOrName: string): Promise<PlacementDevice> {
  const { api } = openSession(terminal)
  const { id, name } = await findDevice(api, idOrName)
  const { report, deviceClass } = await api.call('GET', `/devices/${encodeURIComponent(id)}`, Detail)
  if (!report) throw new Failure('not-found', `${name} has not reported yet.`, 'Ask again once it has been online.')
  const facts = Facts.parse(report.facts)
  return { deviceClass: deviceClass ?? deviceClassOf(facts), facts }
}

const units: Record<string, number> = { MB: 1e6, GB: 1e9, TB: 1e12, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }

export function size(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([MGT]i?B)$/.exec(text) ?? []
  const factor = units[unit ?? '']
  if (factor === undefined) throw new InvalidArgumentError('Give a size with its unit: 4GiB, 512MB.')
  return Math.round(Number(number) * factor)
}

const sizes = (text: string, before: number[] = []) => [...before, size(text)]
