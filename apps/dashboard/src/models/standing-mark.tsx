import type { Standing } from '@tradewind/protocol'
import { BookCheck, BookMarked, BookX, Newspaper } from 'lucide-react'
import { classes } from '../ui/classes'
import { standingMeanings, standingNames } from '../words/name-model'

const looks = {
  confirmed: { Icon: BookCheck, ink: 'text-good' },
  'single-source': { Icon: BookMarked, ink: 'text-muted' },
  'article-only': { Icon: Newspaper, ink: 'text-attention' },
  contradicted: { Icon: BookX, ink: 'text-bad' },
} as const

/** How well a figure is known, and where it is from. */
export function StandingMark({ standing, source }: { standing: Standing; source: string }) {
  const { Icon, ink } = looks[standing]
  return (
    <span
      className="flex items-start gap-1 text-xs leading-4 text-muted [overflow-wrap:anywhere]"
      title={`${standingMeanings[standing]} Source: ${source}`}
    >
      <Icon className={classes('mt-0.5 size-3 shrink-0', ink)} aria-hidden />
      <span>
        <span className={classes('font-medium', ink)}>{standingNames[standing]}</span>
        <span className="sr-only">, source</span> · {source}
      </span>
    </span>
  )
}

/** The same in a row of marks that explains them. */
export const StandingLegend = () => (
  <ul aria-label="How well a figure is known" className="flex flex-wrap gap-x-5 gap-y-1.5 text-[13px] text-muted">
    {(Object.keys(looks) as Standing[]).map((standing) => {
      const { Icon, ink } = looks[standing]
      return (
        <li key={standing} className="flex items-center gap-1.5">
          <Icon className={classes('size-3.5', ink)} aria-hidden />
          <span className={classes('font-medium', ink)}>{standingNames[standing]}</span>
          <span>{standingMeanings[standing]}</span>
        </li>
      )
    })}
  </ul>
)
