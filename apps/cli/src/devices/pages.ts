import type { Api } from '../api'
import { type Device, DeviceList, type Parked, ParkedList } from './replies'

/** As many as the API gives at once. */
const perPage = 1000

/** Every device, the revoked too, by name; with `words`, those in which each of them occurs. */
export const allDevices = (api: Api, words = ''): Promise<Device[]> =>
  allOf(async (part) => {
    const query = new URLSearchParams({ revoked: 'with', sort: 'name', ...(words ? { q: words } : {}), ...part })
    const { devices, total } = await api.call('GET', `/devices?${query}`, DeviceList)
    return { rows: devices, total }
  })

/** Every device that waits for a person's decision. */
export const allWaiting = (api: Api): Promise<Parked[]> =>
  allOf(async (part) => {
    const { parked, total } = await api.call('GET', `/parked?${new URLSearchParams(part)}`, ParkedList)
    return { rows: parked, total }
  })

type Part = { limit: string; offset: string }

/** Page after page. A list that shrinks meanwhile ends with an empty one. */
async function allOf<T>(page: (part: Part) => Promise<{ rows: T[]; total: number }>): Promise<T[]> {
  const all: T[] = []
  for (;;) {
    const { rows, total } = await page({ limit: String(perPage), offset: String(all.length) })
    all.push(...rows)
    if (rows.length === 0 || all.length >= total) return all
  }
}
