import { Ago } from '../ui/time'
import { throttleNames } from '../words/name-throttle'
import type { ChartMarks } from './chart-marks'

/** What the bands and lines of the charts stand for; nothing when there are none. */
export function MarksKey({ marks: { bands, lines } }: { marks: ChartMarks }) {
  if (bands.length + lines.length === 0) return null
  const throttles = [...new Set(bands.flatMap(({ throttles }) => throttles))]
  return (
    <ul aria-label="Marks on the charts" className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-[13px] text-muted">
      {bands.length > 0 && (
        <li className="flex items-center gap-2" title="From the report that says so to the next one">
          <span className="inline-block h-3.5 w-4 rounded-sm border border-attention/50 bg-attention/25" aria-hidden />
          Reported: {throttles.map((one) => throttleNames[one].toLowerCase()).join(', ')}
        </li>
      )}
      {lines.map(({ atMs, revision, build, words }) => (
        <li key={revision} className="flex items-center gap-2">
          <span className="inline-block h-3.5 border-l-2 border-dashed border-muted" aria-hidden />
          <span>
            Revision {revision}, {words.toLowerCase()}: <code className="font-mono text-xs">{build}</code>,{' '}
            <Ago atMs={atMs} />
          </span>
        </li>
      ))}
    </ul>
  )
}
