import { gemma4 } from '@tradewind/fleet'
import type { FleetTotals } from '@tradewind/store'
import { expect, test } from 'vitest'
import { byVariant } from './totals'

const [first, second] = gemma4.builds.filter(({ variant }) => variant === 'e2b')
const totals = (devices: number, byBuild: FleetTotals['byBuild']): FleetTotals => ({
  ...{ devices, byBuild, byPresence: {}, bySync: {}, byClass: [] },
})

test('builds of one variant are one line, and devices that serve nothing are the last', () => {
  const found = byVariant(
    totals(20, [
      { build: first?.id ?? '', demo: false, state: 'ready', devices: 5 },
      { build: second?.id ?? '', demo: false, state: 'loading', devices: 2 },
      { build: 'pocket', demo: true, state: 'ready', devices: 9 },
      { build: 'own', demo: false, state: 'cold', devices: 1 },
    ]),
    gemma4,
  )
  expect(found).toEqual([
    { variant: null, name: 'Demo model', devices: 9, ready: 9 },
    { variant: 'e2b', name: gemma4.variants.find(({ id }) => id === 'e2b')?.name, devices: 7, ready: 5 },
    { variant: null, name: 'own', devices: 1, ready: 0 },
    { variant: null, name: 'Nothing', devices: 3, ready: 0 },
  ])
})

test('nothing is said of nothing where every device serves', () => {
  const all = totals(1, [{ build: 'own', demo: false, state: 'ready', devices: 1 }])
  expect(byVariant(all, gemma4).map(({ name }) => name)).toEqual(['own'])
})
