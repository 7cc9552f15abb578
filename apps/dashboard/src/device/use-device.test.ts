import type { EventRow } from '@tradewind/store'
import { expect, it } from 'vitest'
import { mergeEvents } from './use-device'

const event = (id: string, atMs: number): EventRow => ({
  id,
  deviceId: 'a',
  deviceName: 'a',
  source: 'hub',
  code: 'enrolled',
  atMs,
  detail: {},
})

it('shows the newest first, and what came live and from the server once', () => {
  const merged = mergeEvents([event('c', 3), event('b', 2)], [event('b', 2), event('a', 1), event('d', 9)])
  expect(merged.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a'])
})
