import { expect, it } from 'vitest'
import { listFacts, partOf } from './list-facts'

const groupOf =
  (...args: Parameters<typeof listFacts>) =>
  (fact: string) =>
    listFacts(...args).find((group) => group.fact === fact)

it('lists what is known and leaves out the parts that are not', () => {
  const group = groupOf(
    { memory: { totalBytes: 8 * 1024 ** 3 }, os: { platform: 'linux', name: 'Debian', kernel: '6' } },
    [],
  )
  expect(group('memory')?.lines).toEqual([{ name: 'Total', value: '8.00 GiB' }])
  expect(group('os')?.lines.map(({ name }) => name)).toEqual(['Name', 'Kernel', 'Platform'])
  expect(group('cpu')?.lines).toEqual([])
})

it('tells no swap from unknown swap', () => {
  const group = groupOf({ memory: { totalBytes: 1024, swapTotalBytes: 0 } }, [])
  expect(group('memory')?.lines.at(-1)).toEqual({ name: 'Swap', value: 'none' })
})

it('puts what could not be read under its fact', () => {
  const whole = { fact: 'thermal', code: 'not-present', detail: '/sys/class/thermal' } as const
  const part = { fact: 'cpu.maxMhz', code: 'permission-denied', detail: 'cpufreq' } as const
  const group = groupOf({}, [whole, part])
  expect(group('thermal')?.unreadable).toEqual([whole])
  expect(group('cpu')?.unreadable).toEqual([part])
  expect([partOf(whole), partOf(part)]).toEqual([null, 'Highest clock'])
})
