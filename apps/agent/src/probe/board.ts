import { createHash } from 'node:crypto'
import type { Fact } from '@tradewind/protocol'
import { type Host, HostError, hasProc } from '../host/host'
import { getprop } from './android'
import { fieldsOf } from './cpu'
import { firstOf, Gaps, type Probe, textOf } from './gaps'

export const probeBoard: Probe<'board'> = async (host) => {
  const gaps = new Gaps()
  const fact = await firstOf(
    ...(host.platform === 'android' ? [() => fromAndroid(host, gaps)] : []),
    ...(hasProc(host)
      ? [() => fromDeviceTree(host, gaps), () => fromDmi(host, gaps), () => fromHypervisor(host, gaps)]
      : []),
    () => fromInventory(host, gaps),
  )
  return { fact, unreadable: gaps.list }
}

async function fromAndroid(host: Host, gaps: Gaps): Promise<Fact<'board'>> {
  const model = await getprop(host, 'ro.product.model')
  return { maker: await gaps.part('board.maker', () => getprop(host, 'ro.product.manufacturer')), model }
}

const tree = '/proc/device-tree'

async function fromDeviceTree(host: Host, gaps: Gaps): Promise<Fact<'board'>> {
  const model = textOf(await host.readFile(`${tree}/model`), `${tree}/model`)
  const isPi = model.startsWith('Raspberry Pi')
  return {
    ...(isPi ? { maker: 'Raspberry Pi', revision: await gaps.part('board.revision', () => readPiRevision(host)) } : {}),
    model,
    serialHash: await gaps.part('board.serialHash', async () => hashOf(await host.readFile(`${tree}/serial-number`))),
  }
}

/** The code that tells memory size, maker and stepping of a Pi: d04170. */
async function readPiRevision(host: Host): Promise<string> {
  const revision = fieldsOf(await host.readFile('/proc/cpuinfo')).get('Revision')
  if (!revision || !/^[0-9a-f]{4,8}$/.test(revision)) throw new HostError('not-present', '/proc/cpuinfo: no Revision')
  return revision
}

const dmi = '/sys/class/dmi/id'

/** Virtual machines answer too, with the name of the machine they imitate. */
async function fromDmi(host: Host, gaps: Gaps): Promise<Fact<'board'>> {
  const read = async (name: string) => filled(await host.readFile(`${dmi}/${name}`), `${dmi}/${name}`)
  const either = (first: string, second: string) =>
    firstOf(
      () => read(first),
      () => read(second),
    )
  const model = await either('product_name', 'board_name')
  return {
    maker: await gaps.part('board.maker', () => either('sys_vendor', 'board_vendor')),
    model,
    revision: await gaps.part('board.revision', () => read('product_version')),
    serialHash: await gaps.part('board.serialHash', async () => hashOf(await read('product_serial'))),
  }
}

/** Small virtual machines (Firecracker) have neither device tree nor DMI, but the processor knows. */
async function fromHypervisor(host: Host, gaps: Gaps): Promise<Fact<'board'>> {
  const isVirtual = /^flags\s*:.*\bhypervisor\b/m.test(await host.readFile('/proc/cpuinfo'))
  if (!isVirtual) throw new HostError('not-present', '/proc/cpuinfo: no hypervisor flag')
  gaps.note('board.maker', 'not-present', `neither ${tree} nor ${dmi}; the processor runs under a hypervisor`)
  return { model: 'Virtual machine' }
}

async function fromInventory(host: Host, gaps: Gaps): Promise<Fact<'board'>> {
  const { manufacturer, model, version, serial } = await host.inventory('system')
  const part = (fact: string, text: string) => gaps.part(fact, async () => filled(text, 'inventory system'))
  return {
    model: filled(model, 'inventory system'),
    maker: await part('board.maker', manufacturer),
    revision: await part('board.revision', version),
    serialHash: await gaps.part('board.serialHash', async () => hashOf(filled(serial, 'inventory system'))),
  }
}

/** What firmware says when its maker left the field as it came, and what the inventory library makes up. */
const placeholder =
  /^(|-|none|n\/a|unknown|default string|not (specified|available|applicable)|to be filled.*|system (product name|manufacturer|serial number|version)|o\.e\.m\.|0+|docker container)$/i

function filled(raw: string, from: string): string {
  if (placeholder.test(raw.trim()))
    throw new HostError('not-present', `${from}: left as ${JSON.stringify(raw.trim().slice(0, 40))}`)
  return textOf(raw, from)
}

const hashOf = (serial: string) => createHash('sha256').update(textOf(serial, 'serial')).digest('hex').slice(0, 16)
