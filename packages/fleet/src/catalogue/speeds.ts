import type { Hardware, SpeedPrior } from '@tradewind/protocol'

const potato = { standing: 'confirmed', source: 'Potato OS benchmarks, two runs' } as const
const litert = { standing: 'confirmed', source: 'LiteRT-LM page of Google, on the CPU' } as const
const repeated = { standing: 'single-source', source: 'repeated claim, origin unclear' } as const

const row = (
  [what, on]: [SpeedPrior['what'], string],
  [variant, engine, bitsPerWeight]: [string, SpeedPrior['engine'], number],
  promptPerSecond: number | undefined,
  generationPerSecond: number,
  from: Pick<SpeedPrior, 'standing' | 'source'>,
): SpeedPrior => ({ what, on, variant, engine, bitsPerWeight, promptPerSecond, generationPerSecond, ...from })

const pi5: [SpeedPrior['what'], string] = ['board', 'Raspberry Pi 5']
const m5Max: [SpeedPrior['what'], string] = ['cpu', 'Apple M5 Max']
const m5MaxReport = { standing: 'single-source', source: 'one report, 64 GB, llama.cpp' } as const
const pi4: [SpeedPrior['what'], string] = ['board', 'Raspberry Pi 4']

/** Tokens a second as published. Other quantisations of a variant scale by their bits. */
export const speeds: SpeedPrior[] = [
  row(pi5, ['e2b', 'llama-server', 4.85], 32, 6.2, potato),
  row(pi5, ['e4b', 'llama-server', 4.5], 22, 3.1, potato),
  row(pi5, ['e2b', 'litert-lm', 4.5], 133, 8, litert),
  row(pi5, ['e4b', 'litert-lm', 4.5], 51, 3, litert),
  row(pi4, ['e2b', 'llama-server', 4.85], 4.2, 1.7, potato),
  row(['cpu', 'Cortex-X2'], ['e2b', 'llama-server', 4.5], 81, 15, {
    standing: 'single-source',
    source: 'one report on a Dimensity 9000+: 81 to 104 and 15 to 18',
  }),
  row(m5Max, ['e2b', 'llama-server', 8.5], undefined, 119, m5MaxReport),
  row(m5Max, ['e4b', 'llama-server', 4.85], undefined, 97, m5MaxReport),
  row(m5Max, ['26b-a4b', 'llama-server', 4.85], undefined, 111, m5MaxReport),
  row(m5Max, ['31b', 'llama-server', 4.85], undefined, 24.9, m5MaxReport),
  row(['card', 'RTX 4090'], ['26b-a4b', 'llama-server', 4.85], undefined, 149, repeated),
  row(['card', 'RTX 3090'], ['26b-a4b', 'llama-server', 4.85], undefined, 119, {
    standing: 'confirmed',
    source: 'three authors: 119, 128, 143',
  }),
  row(['card', 'RTX 3090'], ['31b', 'llama-server', 4.9], undefined, 40, repeated),
]

const sheets = { standing: 'confirmed', source: "the maker's figure, repeated by independent tables" } as const
const card = { standing: 'single-source', source: "the maker's figure; operations from one published prefill" } as const
const fromSpeeds = { standing: 'single-source', source: 'worked back from the published speeds of E2B' } as const

type Known = { gigabytes: number; teraOperations?: number }
const machine = (
  what: Hardware['what'],
  on: string,
  { gigabytes, teraOperations }: Known,
  from: Pick<Hardware, 'standing' | 'source'> = sheets,
): Hardware => ({
  what,
  on,
  bandwidthBytesPerSecond: gigabytes * 1e9,
  ...(teraOperations === undefined ? {} : { operationsPerSecond: teraOperations * 1e12 }),
  ...from,
})
const apple = (name: string, gigabytes: number) => machine('cpu', `Apple ${name}`, { gigabytes })

/**
 * Gigabytes a second, and where a prefill was published the operations that it takes. The first whose `on` is in the
 * name counts, so longer names come first.
 */
export const hardware: Hardware[] = [
  machine('board', 'Raspberry Pi 5', { gigabytes: 11.7, teraOperations: 0.147 }, fromSpeeds),
  machine('board', 'Raspberry Pi 4', { gigabytes: 3.1, teraOperations: 0.019 }, fromSpeeds),
  machine(
    'cpu',
    'Apple M5 Max',
    { gigabytes: 600, teraOperations: 21 },
    { standing: 'single-source', source: 'one table, about 600 GB/s; operations from the time to read 8K tokens' },
  ),
  apple('M4 Max', 546),
  apple('M4 Pro', 273),
  apple('M4', 120),
  apple('M3 Max', 400),
  apple('M3 Pro', 150),
  apple('M3', 100),
  apple('M2 Ultra', 800),
  apple('M2 Max', 400),
  apple('M2 Pro', 200),
  apple('M2', 100),
  apple('M1 Ultra', 800),
  apple('M1 Max', 400),
  apple('M1 Pro', 200),
  apple('M1', 68),
  machine('card', 'RTX 5090', { gigabytes: 1792, teraOperations: 67 }, card),
  machine('card', 'RTX 4090', { gigabytes: 1008, teraOperations: 52 }, card),
  machine('card', 'RTX 3090', { gigabytes: 936 }),
  machine('card', 'RTX 4070', { gigabytes: 504 }),
  machine('card', 'RTX 3060', { gigabytes: 360 }),
]
