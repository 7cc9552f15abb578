import type { SamplePoint } from '@tradewind/store'
import { Panel } from '../ui/section'
import { clock } from '../words/format'
import { chartSpecs } from './charts'

const mostRows = 60

const columns = chartSpecs.flatMap(({ title, lines, words }) =>
  lines.map(({ figure, name }) => ({
    figure,
    words,
    head: lines.length > 1 ? `${title}, ${name.toLowerCase()}` : title,
  })),
)

/** The same figures as numbers: for screen readers, and for copying. */
export const SampleTable = ({ points }: { points: SamplePoint[] }) => (
  <Panel className="max-h-[34rem] overflow-auto">
    <table className="tabular w-full whitespace-nowrap text-[13px]">
      <caption className="px-4 py-3 text-left text-muted">
        {points.length === 0
          ? 'No sample in the last hour.'
          : `The newest ${Math.min(points.length, mostRows)} samples.`}
      </caption>
      <thead className="sticky top-0 bg-surface text-xs text-muted">
        <tr>
          <th scope="col" className="border-b px-4 py-2 text-left font-medium">
            Time
          </th>
          {columns.map(({ figure, head }) => (
            <th key={figure} scope="col" className="border-b px-4 py-2 text-right font-medium">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y">
        {points
          .slice(-mostRows)
          .reverse()
          .map((point) => (
            <tr key={point.atMs}>
              <th scope="row" className="px-4 py-1.5 text-left font-normal text-muted">
                {clock(point.atMs)}
              </th>
              {columns.map(({ figure, words }) => {
                const value = point[figure]
                return (
                  <td key={figure} className="px-4 py-1.5 text-right">
                    {value === null ? <span className="text-faint">unknown</span> : words(value)}
                  </td>
                )
              })}
            </tr>
          ))}
      </tbody>
    </table>
  </Panel>
)
