import { z } from 'zod'

const bytes = z.number().int().nonnegative()
const text = z.string().max(200)
const share = z.number().min(0).max(1)
const bytesPerSecond = z.number().positive()
const holders = z
  .array(z.object({ name: text.describe('of the program, without its arguments'), bytes }))
  .max(8)
  .optional()

export const CpuFact = z.object({
  architecture: text.describe('as the kernel names it: x86_64, aarch64, armv7l'),
  model: text.describe('marketing or core name: Cortex-A76, AMD EPYC 7B13'),
  logicalCores: z.number().int().positive(),
  physicalCores: z.number().int().positive().optional(),
  maxMhz: z.number().positive().optional(),
  features: z.array(text).max(64).describe('instruction sets that matter to inference: asimddp, i8mm, avx2 …'),
})

export const MemoryFact = z.object({
  totalBytes: bytes.describe('what the kernel manages, less than what is soldered on'),
  swapTotalBytes: bytes.optional(),
  swaps: z
    .array(z.object({ kind: z.enum(['zram', 'partition', 'file']), totalBytes: bytes }))
    .max(16)
    .optional()
    .describe('what the swap is made of; zram is memory itself, compressed'),
  pressure: share.optional().describe('share of the last minute in which some task waited for memory'),
  availableBytes: bytes.optional().describe('what a new process could take without swapping, when probed'),
  bandwidthBytesPerSecond: bytesPerSecond
    .optional()
    .describe('measured by a short copy on all cores: read plus written'),
  holders: holders.describe('programs that held a sixteenth of the memory or more, the agent left out'),
})

export const StorageFact = z.object({
  path: text.describe('the folder the agent keeps its data in'),
  filesystem: text.optional(),
  kind: z.enum(['nvme', 'ssd', 'hdd', 'sd-card', 'emmc', 'virtual']).optional(),
  totalBytes: bytes,
  freeBytes: bytes.describe('free to the agent, root reserve excluded'),
  readBytesPerSecond: bytesPerSecond.optional().describe('measured on a file of the data folder, past the page cache'),
  wear: share.optional().describe('of the rated life, as the medium itself reports it; 1 is worn out'),
})

export const OsFact = z.object({
  platform: z.enum(['linux', 'android', 'darwin', 'win32', 'other']),
  name: text,
  version: text.optional(),
  kernel: text,
  surroundings: z
    .array(z.enum(['docker', 'podman', 'lxc', 'termux']))
    .max(8)
    .optional()
    .describe('what the agent runs inside of; left out when it is nothing of these'),
})

export const BoardFact = z.object({
  maker: text.optional(),
  model: text,
  revision: text.optional(),
  serialHash: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional()
    .describe('first 16 hex digits of sha256(serial): a hint, never an identity'),
})

export const NetworkFact = z.object({
  hostname: text,
  interfaces: z
    .array(
      z.object({
        name: text,
        kind: z.enum(['ethernet', 'wifi', 'other']),
        addresses: z.array(text).max(8),
        signalDbm: z.number().max(0).optional().describe('of a radio link, when probed: -50 is good, -80 is poor'),
      }),
    )
    .max(16),
})

export const ThermalFact = z.object({
  zones: z
    .array(
      z.object({
        name: text,
        celsius: z.number(),
        criticalCelsius: z.number().optional().describe('where the kernel powers off'),
      }),
    )
    .max(32),
  fans: z
    .array(z.object({ level: z.number().int().nonnegative(), maxLevel: z.number().int().positive() }))
    .max(8)
    .optional()
    .describe('fans that the kernel steers: 0 is still, maxLevel is full speed'),
})

export const throttles = ['undervoltage', 'frequency-capped', 'throttled', 'soft-temperature-limit'] as const

export const ThrottlingFact = z.object({
  now: z.array(z.enum(throttles)).max(4),
  sinceBoot: z.array(z.enum(throttles)).max(4).describe('seen at least once since the device booted'),
})

export const PowerFact = z.object({
  source: z.enum(['external', 'battery']).optional(),
  batteries: z
    .array(z.object({ level: share.optional(), charging: z.boolean().optional() }))
    .max(4)
    .optional(),
  supplyVolts: z.number().nonnegative().optional().describe('at the 5 V input of a Pi 5, behind its protection'),
})

export const AcceleratorsFact = z
  .array(
    z.object({
      kind: z.enum(['nvidia', 'amd', 'intel', 'apple', 'videocore', 'adreno', 'mali']),
      name: text,
      totalBytes: bytes.optional().describe('memory of its own; left out where it shares that of the host'),
      freeBytes: bytes.optional(),
      driver: text.optional(),
      holders: holders.describe('programs that hold memory of it'),
    }),
  )
  .max(16)

export const Facts = z.object({
  cpu: CpuFact.optional(),
  memory: MemoryFact.optional(),
  storage: StorageFact.optional(),
  os: OsFact.optional(),
  board: BoardFact.optional(),
  network: NetworkFact.optional(),
  thermal: ThermalFact.optional(),
  throttling: ThrottlingFact.optional(),
  power: PowerFact.optional(),
  accelerators: AcceleratorsFact.optional(),
})
export type Facts = z.infer<typeof Facts>
export type FactName = keyof Facts
export type Fact<N extends FactName> = NonNullable<Facts[N]>

export const unreadableCodes = [
  'not-present',
  'permission-denied',
  'timed-out',
  'garbled',
  'too-large',
  'unsupported',
  'failed',
] as const

/** What a probe could not read, and why. Unknown is a value of its own: it is never reported as zero. */
export const Unreadable = z.object({
  fact: text.describe('a fact or a part of one: thermal, cpu.maxMhz'),
  code: z.enum(unreadableCodes),
  detail: z.string().max(300).describe('what was tried'),
})
export type Unreadable = z.infer<typeof Unreadable>
