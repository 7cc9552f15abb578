import type { RolloutState } from '@tradewind/protocol'
import { Ban, Check, CirclePause, LoaderCircle, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge, type BadgeTone } from '../ui/badge'
import { rolloutNames } from '../words/explain-rollout'

const looks: Record<RolloutState, { tone: BadgeTone; icon: ReactNode }> = {
  running: { tone: 'good', icon: <LoaderCircle aria-hidden /> },
  paused: { tone: 'bad', icon: <CirclePause aria-hidden /> },
  done: { tone: 'good', icon: <Check aria-hidden /> },
  aborted: { tone: 'neutral', icon: <Ban aria-hidden /> },
  'rolling-back': { tone: 'attention', icon: <Undo2 aria-hidden /> },
  'rolled-back': { tone: 'attention', icon: <Undo2 aria-hidden /> },
}

export const RolloutBadge = ({ state }: { state: RolloutState }) => (
  <Badge {...looks[state]}>{rolloutNames[state]}</Badge>
)
