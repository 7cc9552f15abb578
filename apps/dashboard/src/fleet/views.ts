/**
 * A named view is an address with a name. The names are kept in this browser, not in the store: they are how one person
 * looks at the fleet from one screen, and whoever is to see the same is sent the address, which holds all of it.
 */
export type View = { name: string; address: string }

const place = 'tradewind-device-views'
const most = 50

export function readViews(kept: string | null): View[] {
  try {
    const views: unknown = JSON.parse(kept ?? '[]')
    return Array.isArray(views) ? views.filter(isView).slice(0, most) : []
  } catch {
    return []
  }
}

const isView = (one: unknown): one is View =>
  typeof one === 'object' &&
  one !== null &&
  'name' in one &&
  typeof one.name === 'string' &&
  'address' in one &&
  typeof one.address === 'string' &&
  one.address.startsWith('?')

/** A view of the same name is replaced. */
export const withView = (views: View[], view: View): View[] =>
  [...views.filter(({ name }) => name !== view.name), view]
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .slice(0, most)

export const withoutView = (views: View[], gone: string) => views.filter(({ name }) => name !== gone)

export const keptViews = () => readViews(window.localStorage.getItem(place))
export const keepViews = (views: View[]) => window.localStorage.setItem(place, JSON.stringify(views))
