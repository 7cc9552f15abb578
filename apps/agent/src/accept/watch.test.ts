import path from 'node:path'
import { expect, test } from 'vitest'
import { capturedHost } from '../host/captured'
import { watched } from './watch'

const host = (name: string) => capturedHost(path.resolve(import.meta.dirname, '../../../../test/fixtures/hosts', name))

test('a Pi is looked at before and after the work', async () => {
  const { done, vitals } = await watched(await host('pi-5-8gb'), async () => 'done')
  expect(done).toBe('done')
  expect(vitals).toHaveLength(2)
  for (const one of vitals)
    expect(one).toEqual({
      celsius: expect.any(Number),
      throttling: { now: expect.any(Array), sinceBoot: expect.any(Array) },
    })
})

test('what a host cannot tell is left out', async () => {
  const { vitals } = await watched(await host('macbook-air-m2'), async () => {})
  expect(vitals).toEqual([{}, {}])
})

test('work that fails is not watched on', async () => {
  const failing = watched(await host('pi-5-8gb'), () => Promise.reject(new Error('lost')))
  await expect(failing).rejects.toThrow('lost')
})
