import { expect, it } from 'vitest'
import { readViews, withoutView, withView } from './views'

const hot = { name: 'Hot ones', address: '?problem=hot' }
const lyon = { name: 'Lyon', address: '?labels=site%3Dlyon' }

it.each([
  [null, []],
  ['not JSON', []],
  ['{}', []],
  [JSON.stringify([hot, { name: 'elsewhere', address: 'https://example.com' }, 7, null]), [hot]],
])('of what a browser kept, %j, takes what is a view', (kept, views) => expect(readViews(kept)).toEqual(views))

it('keeps views by name, one of each', () => {
  const views = withView(withView([], lyon), hot)
  expect(views).toEqual([hot, lyon])
  const again = { ...hot, address: '?problem=throttled' }
  expect(withView(views, again)).toEqual([again, lyon])
  expect(withoutView(views, 'Lyon')).toEqual([hot])
})
