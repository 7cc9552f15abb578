import { figureNames } from '@tradewind/protocol'
import { readHistory, wholeOf } from '../../../../../../device/history'
import { endpoint } from '../../../../../../server/endpoint'
import { noSuch } from '../../../../../../server/problem'
import { store } from '../../../../../../server/store'

/**
 * The figures of a device over a range, in columns. `bucketMs` is how much time a point stands for, from its moment on;
 * null when the points are the samples themselves. Where there was no sample there is no point.
 */
export const GET = endpoint('GET /devices/{id}/chart', async ({ params: { id }, query: { range } }) => {
  const history = await readHistory(await store(), id, { range, nowMs: Date.now(), figures: figureNames })
  if (!history) throw noSuch('device')
  const { fromMs, toMs, newestMs } = history
  return { range, fromMs, toMs, newestMs, ...wholeOf(history, figureNames) }
})
