'use client'

import { Ban, Pause, Play, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { call } from '../live/call'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { type Act, consequenceOf } from '../words/explain-rollout'
import type { RolloutShown } from './shape-rollout'

type Deed = { act: Act; name: string; title: string; icon: ReactNode; from: RolloutShown['state'][]; danger?: boolean }

/** In which states each may be done: as fleet's machine has it. */
const deeds: Deed[] = [
  { act: 'resume', name: 'Resume', title: 'Go on with this rollout?', icon: <Play aria-hidden />, from: ['paused'] },
  { act: 'pause', name: 'Pause', title: 'Pause this rollout?', icon: <Pause aria-hidden />, from: ['running'] },
  {
    ...{ act: 'roll-back', name: 'Roll back', title: 'Give devices back what they had?', icon: <Undo2 aria-hidden /> },
    from: ['running', 'paused', 'aborted', 'done'],
    danger: true,
  },
  {
    ...{ act: 'abort', name: 'Abort', title: 'End this rollout here?', icon: <Ban aria-hidden /> },
    from: ['running', 'paused', 'rolling-back'],
    danger: true,
  },
]

/** What a person may do to it now, each with its consequence before it is done. */
export const Steering = ({ rollout, done }: { rollout: RolloutShown; done: () => void }) =>
  deeds
    .filter(({ act, from }) => from.includes(rollout.state) && (act !== 'roll-back' || rollout.changed > 0))
    .map(({ act, name, title, icon, danger }) => (
      <Confirm
        key={act}
        trigger={
          <Button tone={act === 'resume' ? 'primary' : danger ? 'danger' : 'plain'}>
            {icon}
            {name}
          </Button>
        }
        title={title}
        consequence={<p>{consequenceOf(act, rollout)}</p>}
        verb={name}
        danger={danger}
        run={() => call('POST', `/api/v1/rollouts/${rollout.id}/${act}`)}
        done={done}
      />
    ))
