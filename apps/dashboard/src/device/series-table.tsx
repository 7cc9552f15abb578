import { Panel } from '../ui/section'
import { span } from '../words/format'
import type { ChartSpec } from './charts'
import { nameMoment } from './name-moment'
import { type RangeName, ranges } from './ranges'
import type { Series, Spreads } from './series'

const mostRows = 100

const columnsOf = (specs: ChartSpec[]) =>
  specs.flatMap(({ title, lines, words, work }) =>
    lines.map(({ figure, name }) => ({
      figure,
      words,
      none: work?.none ?? 'unknown',
      head: lines.length > 1 ? `${title}, ${name.toLowerCase()}` : title,
    })),
  )

type Props = { specs: ChartSpec[]; series: Series; range: RangeName }

/** The same figures as numbers: for screen readers, and for copying. */
export const SeriesTable = ({ specs, series, range }: Props) => (
  <Panel className="max-h-[34rem] overflow-auto">
    <table className="tabular w-full whitespace-nowrap text-[13px]">
      <caption className="px-4 py-3 text-left text-muted">{captionOf(series, range)}</caption>
      <thead className="sticky top-0 bg-surface text-xs text-muted">
        <tr>
          <th scope="col" className="border-b px-4 py-2 text-left font-medium">
            Time
          </th>
          {columnsOf(specs).map(({ figure, head }) => (
            <th key={figure} scope="col" className="border-b px-4 py-2 text-right font-medium">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y">
        {newestIndexes(series).map((i) => (
          <tr key={series.atMs[i]}>
            <th scope="row" className="px-4 py-1.5 text-left font-normal text-muted">
              {nameMoment(series, i)}
            </th>
            {columnsOf(specs).map(({ figure, words, none }) => (
              <td key={figure} className="px-4 py-1.5 text-right">
                <Value
                  spreads={series.figures[figure]}
                  i={i}
                  words={words}
                  none={none}
                  banded={series.bucketMs !== null}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </Panel>
)

function captionOf({ atMs, bucketMs }: Series, range: RangeName): string {
  if (atMs.length === 0) return `No sample in the ${ranges[range].title.toLowerCase()}.`
  const rows = Math.min(atMs.length, mostRows)
  if (bucketMs === null) return `The newest ${rows} samples.`
  return `The newest ${rows} spans of ${span(bucketMs)}: the mean, and from the least to the most.`
}

const newestIndexes = ({ atMs }: Series) =>
  Array.from({ length: Math.min(atMs.length, mostRows) }, (_, back) => atMs.length - 1 - back)

type ValueProps = {
  spreads: Spreads | undefined
  i: number
  words: (value: number) => string
  none: string
  banded: boolean
}

function Value({ spreads, i, words, none, banded }: ValueProps) {
  const [mean, min, max] = [spreads?.mean[i], spreads?.min[i], spreads?.max[i]]
  if (mean == null || min == null || max == null) return <span className="text-faint">{none}</span>
  return (
    <>
      {words(mean)}
      {banded && (
        <span className="block text-xs text-faint">
          {words(min)} – {words(max)}
        </span>
      )}
    </>
  )
}
