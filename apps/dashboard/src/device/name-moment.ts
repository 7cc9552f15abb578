import { clock, day } from '../words/format'
import type { Series } from './series'

/** When a point is, or the span that it stands for: 10:00:20, 24 Nov 10:00 to 11:00. In the reader's time zone. */
export function nameMoment({ atMs, bucketMs }: Pick<Series, 'atMs' | 'bucketMs'>, i: number): string {
  const at = atMs[i]
  if (at === undefined) return ''
  if (bucketMs === null) return clock(at)
  return `${day(at)} ${minute(at)} to ${minute(at + bucketMs)}`
}

const minute = (atMs: number) => clock(atMs).slice(0, 5)
