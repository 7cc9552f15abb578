import type { DeviceOrder, DeviceQuery, Store } from '@tradewind/store'
import { readLabels } from '../fleet/label-words'
import type { QueryOf } from './operations/table'
import { ProblemError } from './problem'

/** What the store is asked for a query of `/api/v1`. Throws `ProblemError` when the labels cannot be understood. */
export async function deviceQuery(
  opened: Store,
  { q, labels, class: deviceClass, variant, problem, sort, presence, sync, revoked }: QueryOf<'GET /devices.csv'>,
): Promise<Omit<DeviceQuery, 'offset' | 'limit'>> {
  const read = readLabels(labels)
  if (!read)
    throw new ProblemError('bad-request', `labels: "${labels}" is not understood.`, 'Write it as site=lyon,line=2.')
  const order = { by: sort.replace(/^-/, '') as DeviceOrder, descending: sort.startsWith('-') }
  const builds = variant === undefined ? undefined : await buildsOf(opened, variant)
  const axes = { presence: presence ?? null, sync: sync ?? null }
  return { text: q, ...axes, revoked, order, labels: read, deviceClass, builds, problem }
}

export async function buildsOf(opened: Store, variant: string): Promise<string[]> {
  return (await opened.catalogue()).builds.filter((build) => build.variant === variant).map(({ id }) => id)
}
