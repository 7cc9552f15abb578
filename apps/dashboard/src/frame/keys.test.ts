import { expect, it } from 'vitest'
import { type KeyPress, keyReader } from './keys'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, typing: false },
  ...more,
})

it.each([
  ['Ctrl-K', press('k', { ctrlKey: true }), { kind: 'palette' }],
  ['Cmd-K, even while typing', press('k', { metaKey: true, typing: true }), { kind: 'palette' }],
  ['/', press('/'), { kind: 'search' }],
  ['/ while typing', press('/', { typing: true }), null],
  ['?', press('?'), { kind: 'keys' }],
  ['k, which is the table’s', press('k'), null],
  ['Ctrl-/', press('/', { ctrlKey: true }), null],
])('%s', (_, key, deed) => expect(keyReader('admin')(key, 0)).toEqual(deed))

it('goes where g and a letter lead, soon after one another', () => {
  const read = keyReader('admin')
  expect([read(press('g'), 0), read(press('d'), 1_000)]).toEqual([null, { kind: 'go', href: '/devices' }])
  expect([read(press('g'), 5_000), read(press('d'), 9_000)]).toEqual([null, null])
  expect([read(press('g'), 0), read(press('x'), 1), read(press('d'), 2)]).toEqual([null, null, null])
})

it('leads a viewer nowhere that he may not go', () => {
  const read = keyReader('viewer')
  read(press('g'), 0)
  expect(read(press('a'), 1)).toBeNull()
})
