import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { capturedHost } from '../host/captured'
import { probeCpu } from './cpu'

const pi = fileURLToPath(new URL('../../../../test/fixtures/hosts/pi-5-4gb', import.meta.url))

async function cpuOf(cpuinfo: string, siblings: Record<string, string> = {}) {
  const host = await capturedHost(pi)
  const readFile = async (file: string) => {
    if (file === '/proc/cpuinfo') return cpuinfo
    const core = /cpu(\d+)\/topology/.exec(file)?.[1]
    return (core && siblings[core]) ?? host.readFile(file)
  }
  return probeCpu({ ...host, readFile })
}

const arm = (n: number, part: string) =>
  `processor\t: ${n}\nFeatures\t: fp asimd asimddp\nCPU implementer\t: 0x41\nCPU part\t: ${part}\n\n`

describe('a processor', () => {
  it('of two kinds of cores names both', async () => {
    const { fact } = await cpuOf(arm(0, '0xd05') + arm(1, '0xd05') + arm(2, '0xd0b') + arm(3, '0xd0b'))
    expect(fact).toMatchObject({ model: 'Cortex-A55 + Cortex-A76', logicalCores: 4, features: ['asimddp'] })
  })

  it('that no table knows keeps its numbers', async () => {
    expect((await cpuOf(arm(0, '0xfff'))).fact?.model).toBe('Arm core 0x41/0xfff')
  })

  it('with threads has fewer physical cores', async () => {
    const core = (n: number) => `processor\t: ${n}\nmodel name\t: AMD Ryzen 9 7950X\nflags\t\t: fpu avx2\n\n`
    const { fact } = await cpuOf(core(0) + core(1) + core(2) + core(3), { 0: '0,2', 1: '1,3', 2: '0,2', 3: '1,3' })
    expect(fact).toMatchObject({ logicalCores: 4, physicalCores: 2, model: 'AMD Ryzen 9 7950X' })
  })

  it('that says nothing of its instruction sets has a gap, not an empty promise', async () => {
    const { unreadable } = await cpuOf('processor\t: 0\nuarch\t\t: sifive,u74-mc\n')
    expect(unreadable).toContainEqual(expect.objectContaining({ fact: 'cpu.features', code: 'not-present' }))
  })
})
