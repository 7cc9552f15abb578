import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { capturedHost } from '../host/captured'
import { HostError } from '../host/host'
import { probeBoard } from './board'

const vm = fileURLToPath(new URL('../../../../test/fixtures/hosts/this-kind-of-vm', import.meta.url))
const dmi = '/sys/class/dmi/id'

async function boardOf(fields: Record<string, string>, denied: string[] = []) {
  const host = await capturedHost(vm)
  const readFile = async (file: string) => {
    const name = path.basename(file)
    if (path.dirname(file) !== dmi) return host.readFile(file)
    if (denied.includes(name)) throw new HostError('permission-denied', file)
    const text = fields[name]
    if (text === undefined) throw new HostError('not-present', file)
    return `${text}\n`
  }
  return probeBoard({ ...host, readFile })
}

describe('a board with DMI', () => {
  it('says which machine a virtual one imitates', async () => {
    const { fact } = await boardOf({
      sys_vendor: 'QEMU',
      product_name: 'Standard PC (Q35 + ICH9, 2009)',
      product_version: 'pc-q35-8.2',
    })
    expect(fact).toMatchObject({ maker: 'QEMU', model: 'Standard PC (Q35 + ICH9, 2009)', revision: 'pc-q35-8.2' })
  })

  it('names its main board where the maker left the product blank', async () => {
    const { fact, unreadable } = await boardOf({
      sys_vendor: 'System manufacturer',
      product_name: 'To Be Filled By O.E.M.',
      product_version: 'Default string',
      board_vendor: 'ASUSTeK COMPUTER INC.',
      board_name: 'PRIME B650-PLUS',
      product_serial: '0',
    })
    expect(fact).toEqual({ maker: 'ASUSTeK COMPUTER INC.', model: 'PRIME B650-PLUS' })
    expect(unreadable.map(({ fact }) => fact)).toEqual(['board.revision', 'board.serialHash'])
  })

  it('keeps everything else when the serial is for root only', async () => {
    const fields = { sys_vendor: 'LENOVO', product_name: '20XW', product_version: 'ThinkPad X1' }
    const { fact, unreadable } = await boardOf(fields, ['product_serial'])
    expect(fact).toEqual({ maker: 'LENOVO', model: '20XW', revision: 'ThinkPad X1' })
    expect(unreadable).toEqual([
      { fact: 'board.serialHash', code: 'permission-denied', detail: `${dmi}/product_serial` },
    ])
  })
})
