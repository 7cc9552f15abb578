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
const pi4: [SpeedPrior['what'], string] = ['board', 'Raspberry Pi 4']

/** Tokens a second as published. Other quantisations of a variant scale by their bits. */
export const speeds: SpeedPrior[] = [
  row(pi5, ['e2b', 'llama-server', 4.85], 32, 6.2, potato),
  row(pi5, ['e4b', 'llama-server', 4.5], 22, 3.1, potato),
  row(pi5, ['e2b', 'litert-lm', 4.5], 133, 8, litert),
  row(pi5, ['e4b', 'litert-lm', 4.5], 51, 3, litert),
  row(pi4, ['e2b', 'llama-server', 4.85], 4.2, 1.7, potato),
  row(['card', 'RTX 4090'], ['26b-a4b', 'llama-server', 4.85], undefined, 149, repeated),
  row(['card', 'RTX 3090'], ['26b-a4b', 'llama-server', 4.85], undefined, 119, {
    standing: 'confirmed',
    source: 'three authors: 119, 128, 143',
  }),
  row(['card', 'RTX 3090'], ['31b', 'llama-server', 4.9], undefined, 40, repeated),
]

const memory = {
  standing: 'single-source',
  source: "maker's data sheet; operations from published prefill speeds",
} as const
const machine = (
  what: Hardware['what'],
  on: string,
  gigabytesPerSecond: number,
  teraOperations?: number,
): Hardware => ({
  ...{ what, on, bandwidthBytesPerSecond: gigabytesPerSecond * 1e9, ...memory },
  ...(teraOperations === undefined ? {} : { operationsPerSecond: teraOperations * 1e12 }),
})

/** The first whose `on` is in the name counts, so longer names come first. */
export const hardware: Hardware[] = [
  machine('board', 'Raspberry Pi 5', 11.7, 0.147),
  machine('board', 'Raspberry Pi 4', 3.1, 0.019),
  machine('cpu', 'Apple M5 Max', 614, 21),
  machine('cpu', 'Apple M4 Max', 546, 12),
  machine('cpu', 'Apple M4 Pro', 273, 7),
  machine('cpu', 'Apple M4', 120, 3.4),
  machine('cpu', 'Apple M3 Max', 400, 10),
  machine('cpu', 'Apple M3 Pro', 150, 5),
  machine('cpu', 'Apple M3', 100, 2.8),
  machine('cpu', 'Apple M2 Ultra', 800, 18),
  machine('cpu', 'Apple M2 Max', 400, 9),
  machine('cpu', 'Apple M2 Pro', 200, 4.5),
  machine('cpu', 'Apple M2', 100, 2.4),
  machine('cpu', 'Apple M1 Ultra', 800, 14),
  machine('cpu', 'Apple M1 Max', 400, 7),
  machine('cpu', 'Apple M1 Pro', 200, 3.5),
  machine('cpu', 'Apple M1', 68, 1.8),
  machine('cpu', 'Cortex-X3', 51, 0.35),
  machine('card', 'RTX 5090', 1792, 67),
  machine('card', 'RTX 4090', 1008, 52),
  machine('card', 'RTX 3090', 936, 25),
  machine('card', 'RTX 4070', 504, 20),
  machine('card', 'RTX 3060', 360, 9),
]
