import type { Fact } from '@tradewind/protocol'
import { type Host, HostError, hasProc } from '../host/host'
import { Gaps, type Probe, textOf } from './gaps'
import { readNvidia } from './nvidia'

type Accelerator = Fact<'accelerators'>[number]

export const probeAccelerators: Probe<'accelerators'> = async (host) => {
  const gaps = new Gaps()
  const found = await (host.platform === 'darwin' ? ofApple(host) : ofOthers(host, gaps))
  if (found.length > 0) return { fact: gaps.atMost(16, 'accelerators', found), unreadable: gaps.list }
  if (gaps.list.length === 0) throw new HostError('not-present', 'no accelerator was found')
  return { unreadable: gaps.list }
}

/** The graphics part of an Apple chip is named like the chip, and shares the memory of the host. */
async function ofApple(host: Host): Promise<Accelerator[]> {
  const { manufacturer, brand } = await host.inventory('cpu')
  if (host.machine !== 'arm64') return []
  const name = brand.startsWith(manufacturer) ? brand : `${manufacturer} ${brand}`
  return [{ kind: 'apple', name: textOf(name, 'inventory cpu'), driver: 'metal' }]
}

async function ofOthers(host: Host, gaps: Gaps): Promise<Accelerator[]> {
  const nvidia = (await gaps.maybe('accelerators.nvidia', () => readNvidia(host, gaps))) ?? []
  if (!hasProc(host)) return nvidia
  const phone = (await gaps.maybe('accelerators.phone', () => readPhone(host))) ?? []
  const cards = (await gaps.maybe('accelerators.cards', () => readCards(host, gaps))) ?? []
  return [...nvidia, ...phone, ...cards.filter(({ kind }) => kind !== 'nvidia' || nvidia.length === 0)]
}

const kgsl = '/sys/class/kgsl/kgsl-3d0/gpu_model'
const mali = '/sys/class/misc/mali0/device/gpuinfo'

/** The drivers of phone makers, which are outside of /sys/class/drm. */
async function readPhone(host: Host): Promise<Accelerator[]> {
  const adreno = await host.readFile(kgsl).catch(absent)
  if (adreno !== undefined) return [{ kind: 'adreno', name: textOf(adreno, kgsl), driver: 'kgsl' }]
  return [{ kind: 'mali', name: textOf(await host.readFile(mali), mali), driver: 'mali' }]
}

function absent(error: HostError): undefined {
  if (error.code !== 'not-present') throw error
}

const drm = '/sys/class/drm'

async function readCards(host: Host, gaps: Gaps): Promise<Accelerator[]> {
  const names = (await host.readDir(drm)).filter((name) => /^card\d{1,3}$/.test(name))
  const cards = names.map((name) => gaps.maybe(`accelerators.${name}`, () => readCard(host, name)))
  return (await Promise.all(cards)).flatMap((card) => card ?? [])
}

/** Drivers of what computes. Those that only light up a screen (vc4 beside v3d, simpledrm) are left out. */
const kinds: Record<string, Accelerator['kind']> = {
  v3d: 'videocore',
  adreno: 'adreno',
  msm: 'adreno',
  panfrost: 'mali',
  panthor: 'mali',
  lima: 'mali',
  i915: 'intel',
  xe: 'intel',
  amdgpu: 'amd',
  radeon: 'amd',
  nvidia: 'nvidia',
  nouveau: 'nvidia',
}

async function readCard(host: Host, card: string): Promise<Accelerator | undefined> {
  const path = `${drm}/${card}/device/uevent`
  const lines = [...(await host.readFile(path)).matchAll(/^(\w+)=(.*)$/gm)]
  const fields = new Map(lines.map(([, name = '', value = '']) => [name, value]))
  const driver = fields.get('DRIVER') ?? ''
  const kind = kinds[driver]
  if (!kind) return undefined
  const id = fields.get('OF_COMPATIBLE_0') ?? (fields.has('PCI_ID') ? `PCI ${fields.get('PCI_ID')}` : '')
  return { kind, name: textOf(id, path), driver }
}
