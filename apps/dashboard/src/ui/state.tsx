import type { SyncState } from '@tradewind/fleet'
import { Check, CircleDashed, CircleQuestionMark, Clock, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { presenceMeanings, presenceNames, type ShownPresence, syncMeanings, syncNames } from '../words/name-state'
import { Badge, type BadgeTone } from './badge'
import { classes } from './classes'

const presenceColours: Record<ShownPresence, string> = {
  online: 'text-good',
  sleeping: 'text-accent',
  disconnected: 'text-attention',
  lost: 'text-bad',
  unseen: 'text-unknown',
}

/** Each presence has a form of its own, so that none depends on seeing its colour. */
const presenceForms: Record<ShownPresence, ReactNode> = {
  online: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  sleeping: <path d="M6 1a5 5 0 1 0 5 5 3.9 3.9 0 0 1-5-5Z" fill="currentColor" />,
  disconnected: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />,
  lost: (
    <>
      <circle cx="6" cy="6" r="5.5" fill="currentColor" />
      <path d="M4 4l4 4M8 4l-4 4" stroke="var(--surface)" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  unseen: <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 2" />,
}

export const PresenceDot = ({ state }: { state: ShownPresence }) => (
  <svg viewBox="0 0 12 12" className={classes('size-2.5 shrink-0', presenceColours[state])} aria-hidden>
    {presenceForms[state]}
  </svg>
)

export const Presence = ({ state }: { state: ShownPresence }) => (
  <span className="inline-flex items-center gap-2 whitespace-nowrap" title={presenceMeanings[state]}>
    <PresenceDot state={state} />
    {presenceNames[state]}
  </span>
)

const syncLooks: Record<SyncState, { tone: BadgeTone; icon: ReactNode }> = {
  unknown: { tone: 'unknown', icon: <CircleQuestionMark aria-hidden /> },
  registered: { tone: 'neutral', icon: <CircleDashed aria-hidden /> },
  pending: { tone: 'attention', icon: <Clock aria-hidden /> },
  'in-sync': { tone: 'good', icon: <Check aria-hidden /> },
  failed: { tone: 'bad', icon: <X aria-hidden /> },
}

export const Sync = ({ state }: { state: SyncState }) => (
  <Badge {...syncLooks[state]} title={syncMeanings[state]}>
    {syncNames[state]}
  </Badge>
)
