import type { Fact } from '@tradewind/protocol'
import { type Host, HostError, hasProc } from '../host/host'
import { armCoreName } from './cpu-names'
import { firstOf, Gaps, type Probe, textOf } from './gaps'

/** The instruction sets that decide which kernels an engine may use, as /proc/cpuinfo names them. */
const inferenceFeatures = new Set(
  'asimddp asimdhp fphp i8mm bf16 sve sve2 avx avx2 fma f16c avx512f avx512_vnni avx512_bf16 avx_vnni amx_tile amx_int8 amx_bf16'.split(
    ' ',
  ),
)
const relevant = (flags: Iterable<string>) => [...new Set(flags)].filter((flag) => inferenceFeatures.has(flag)).sort()

export const probeCpu: Probe<'cpu'> = async (host) => {
  const gaps = new Gaps()
  const fromInventory = () => cpuOfInventory(host, gaps)
  const fact = hasProc(host) ? await firstOf(() => cpuOfProc(host, gaps), fromInventory) : await fromInventory()
  return { fact, unreadable: gaps.list }
}

async function cpuOfProc(host: Host, gaps: Gaps): Promise<Fact<'cpu'>> {
  const cpus = parseCpuinfo(await host.readFile('/proc/cpuinfo'))
  const model = textOf(modelOf(cpus), '/proc/cpuinfo')
  const flags = cpus.flatMap((cpu) => cpu.get('Features') ?? cpu.get('flags') ?? [])
  if (flags.length === 0) gaps.note('cpu.features', 'not-present', '/proc/cpuinfo: neither Features nor flags')
  const numbers = cpus.map((cpu) => cpu.get('processor') ?? '')
  return {
    architecture: textOf(host.machine, 'uname -m'),
    model,
    logicalCores: cpus.length,
    physicalCores: await gaps.part('cpu.physicalCores', () => countPhysical(host, numbers)),
    maxMhz: await gaps.part('cpu.maxMhz', () => readMaxMhz(host)),
    features: relevant(flags.flatMap((line) => line.split(/\s+/))),
  }
}

/** One map per logical core. What stands after the last core is about the board, and left out. */
function parseCpuinfo(text: string): Map<string, string>[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const fields = fieldsOf(block)
    return /^\d{1,4}$/.test(fields.get('processor') ?? '') ? [fields] : []
  })
}

export function fieldsOf(text: string): Map<string, string> {
  const lines = [...text.matchAll(/^([^:\n]{1,40}?)[ \t]*:[ \t]*(.*)$/gm)]
  return new Map(lines.map(([, name = '', value = '']) => [name, value.trim()]))
}

/** Chips with two kinds of cores name both. */
function modelOf(cpus: Map<string, string>[]): string {
  const names = cpus.flatMap((cpu) => {
    const [implementer, part] = [cpu.get('CPU implementer'), cpu.get('CPU part')]
    if (implementer && part) return armCoreName(implementer, part)
    return cpu.get('model name') ?? cpu.get('uarch') ?? []
  })
  if (names.length === 0) throw new HostError('garbled', '/proc/cpuinfo: no core has a name')
  return [...new Set(names)].join(' + ')
}

const sysCpu = '/sys/devices/system/cpu'

/** Threads of one core name the same siblings. */
async function countPhysical(host: Host, numbers: string[]): Promise<number> {
  const siblings = numbers.map((number) => host.readFile(`${sysCpu}/cpu${number}/topology/thread_siblings_list`))
  return new Set((await Promise.all(siblings)).map((list) => list.trim())).size
}

/** The fastest of all clusters of cores. */
async function readMaxMhz(host: Host): Promise<number> {
  const policies = (await host.readDir(`${sysCpu}/cpufreq`)).filter((name) => name.startsWith('policy'))
  if (policies.length === 0) throw new HostError('not-present', `no policy in ${sysCpu}/cpufreq`)
  const kilohertz = policies.map(async (policy) => {
    const path = `${sysCpu}/cpufreq/${policy}/cpuinfo_max_freq`
    const text = (await host.readFile(path)).trim()
    if (!/^[1-9]\d{3,7}$/.test(text)) throw new HostError('garbled', `${path}: ${text.slice(0, 40)}`)
    return Number(text)
  })
  return Math.round(Math.max(...(await Promise.all(kilohertz))) / 1000)
}

async function cpuOfInventory(host: Host, gaps: Gaps): Promise<Fact<'cpu'>> {
  const { manufacturer, brand, cores, physicalCores, speedMax, flags } = await host.inventory('cpu')
  const features =
    host.platform === 'darwin' ? await gaps.part('cpu.features', () => readAppleFeatures(host)) : undefined
  return {
    architecture: textOf(host.machine, 'uname -m'),
    model: textOf(brand.startsWith(manufacturer) ? brand : `${manufacturer} ${brand}`, 'inventory cpu'),
    logicalCores: cores,
    physicalCores: await gaps.part('cpu.physicalCores', async () => known(physicalCores, 'physicalCores')),
    maxMhz: await gaps.part('cpu.maxMhz', async () => Math.round(known(speedMax, 'speedMax') * 1000)),
    features: relevant(features ?? flags.toLowerCase().split(/\s+/)),
  }
}

/** The inventory says 0 for what it does not know. */
function known(value: number, name: string): number {
  if (!(value > 0)) throw new HostError('not-present', `inventory cpu: no ${name}`)
  return value
}

/** macOS names instruction sets by sysctl, one `hw.optional.<name>: 1` each. */
const appleNames: Record<string, string[]> = {
  'arm.FEAT_DotProd': ['asimddp'],
  'arm.FEAT_FP16': ['fphp', 'asimdhp'],
  'arm.FEAT_I8MM': ['i8mm'],
  'arm.FEAT_BF16': ['bf16'],
  avx1_0: ['avx'],
  avx2_0: ['avx2'],
  fma: ['fma'],
  f16c: ['f16c'],
  avx512f: ['avx512f'],
}

async function readAppleFeatures(host: Host): Promise<string[]> {
  const text = await host.run('sysctl', ['hw.optional'], { timeoutMs: 5_000 })
  const present = [...text.matchAll(/^hw\.optional\.([\w.]+): 1$/gm)]
  return present.flatMap(([, name = '']) => appleNames[name] ?? [])
}
