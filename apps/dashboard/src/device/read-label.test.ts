import { Labels } from '@tradewind/protocol'
import { expect, test } from 'vitest'
import { labelOf } from './read-label'

test.each([
  ['site=lyon', { site: 'lyon' }],
  [' role = till 7 ', { role: 'till 7' }],
  ['note=a=b', { note: 'a=b' }],
])('%j is a label that the API takes', (text, labels) => {
  const read = labelOf(text)
  if (!read.ok) throw new Error(read.says)
  expect({ [read.name]: read.value }).toEqual(labels)
  expect(Labels.safeParse(labels).success).toBe(true)
})

test.each(['', 'lyon', '=lyon', 'Site=lyon', 'site=', 'site=  ', `site=${'x'.repeat(61)}`, `${'x'.repeat(41)}=a`])(
  '%j is none, and says why',
  (text) => {
    expect(labelOf(text)).toEqual({ ok: false, says: expect.stringMatching(/\.$/) })
  },
)
