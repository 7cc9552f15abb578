import type { Severity } from '@tradewind/fleet'
import { Info, OctagonAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { severityMeanings, severityNames } from '../words/name-severity'
import { Badge, type BadgeTone } from './badge'
import { classes } from './classes'

const looks: Record<Severity, { tone: BadgeTone; ink: string; icon: ReactNode }> = {
  critical: { tone: 'bad', ink: 'text-bad', icon: <OctagonAlert aria-hidden /> },
  warning: { tone: 'attention', ink: 'text-attention', icon: <TriangleAlert aria-hidden /> },
  notice: { tone: 'neutral', ink: 'text-muted', icon: <Info aria-hidden /> },
}

export const SeverityBadge = ({ severity }: { severity: Severity }) => (
  <Badge tone={looks[severity].tone} icon={looks[severity].icon} title={severityMeanings[severity]}>
    {severityNames[severity]}
  </Badge>
)

/** The sign alone, for a list that is ordered by severity; its word is there for those who do not see it. */
export const SeveritySign = ({ severity, className }: { severity: Severity; className?: string }) => (
  <span
    className={classes('inline-grid shrink-0 [&_svg]:size-4', looks[severity].ink, className)}
    title={`${severityNames[severity]}: ${severityMeanings[severity]}`}
  >
    {looks[severity].icon}
    <span className="sr-only">{severityNames[severity]}:</span>
  </span>
)
