'use client'

import type { Role } from '@tradewind/store'
import Link from 'next/link'
import { useEffect, useMemo, useState } from 'react'
import { may } from '../people/permission'
import { buttonLook } from '../ui/button'
import { PageTitle } from '../ui/section'
import { Carefully } from './carefully'
import { type Choice, type KeptWorkload, type Mode, planOf, previewAsk, readChoice, usual, writeChoice } from './choice'
import { ModeChoice } from './mode-choice'
import { PreviewPanel } from './preview-panel'
import { PreviewRows } from './preview-rows'
import { Requirements } from './requirements'
import { Selecting } from './selecting'
import { Start } from './start'
import { usePreview } from './use-preview'

export type BuildChoice = { id: string; name: string; resolved: boolean }
export type LabelInUse = { name: string; value: string; devices: number }

type Props = {
  query: string
  workloads: KeptWorkload[]
  builds: BuildChoice[]
  labels: LabelInUse[]
  /** of the devices that the URL names */
  names: [id: string, name: string][]
  role: Role
}

/** Devices of which the preview is shown one by one; the rest is in its sums. */
const rowsShown = 200

/** From what devices are for to a rollout: what is chosen on the left, what would come of it on the right. */
export function AssignRoom({ query, workloads, builds, labels, names, role }: Props) {
  const [choice, setChoice] = useState<Choice>(() => readChoice(new URLSearchParams(query), workloads))
  const change = (some: Partial<Choice>) => setChoice((before) => ({ ...before, ...some }))
  const turnTo = (mode: Mode, workload: string) =>
    setChoice((before) => ({ ...usual(mode, workload, workloads), ...keptOf(before, mode) }))
  useEffect(() => {
    window.history.replaceState(null, '', `/assign${writeChoice(choice, workloads)}`)
  }, [choice, workloads])

  const ask = useMemo(() => previewAsk(choice, workloads, rowsShown), [choice, workloads])
  const previewing = usePreview(ask)
  const isOnlyGiven = choice.mode === 'give' || choice.mode === 'build'
  const plan = planOf(choice)
  return (
    <>
      <PageTitle
        title="Assign"
        hint="Say what devices are for. Before anything is sent you see who gets what, who cannot, and what it costs."
      >
        <Link href="/workloads" className={buttonLook({})}>
          Workloads
        </Link>
      </PageTitle>
      <div className="grid items-start gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]">
        <div className="grid gap-8">
          <ModeChoice choice={choice} workloads={workloads} builds={builds} turnTo={turnTo} change={change} />
          {!isOnlyGiven && (choice.mode === 'new' || choice.workload !== '') && (
            <Requirements
              key={choice.mode + choice.workload}
              choice={choice}
              workloads={workloads}
              builds={builds}
              change={change}
            />
          )}
          <Selecting choice={choice} labels={labels} names={names} change={change} mayBeAll={!isOnlyGiven} />
          <Carefully choice={choice} change={change} />
        </div>
        <div className="lg:sticky lg:top-6">
          <PreviewPanel
            previewing={previewing}
            missing={ask.ok ? null : ask.missing}
            onPriority={isOnlyGiven ? undefined : (priority) => change({ priority: String(priority) })}
            workloads={workloads}
          />
          {may(role, 'change-workloads') ? (
            <Start choice={choice} workloads={workloads} previewing={previewing} missing={ask.ok ? plan : ask} />
          ) : (
            <p className="mt-4 text-[13px] text-muted">
              Your role is {role}: you see what would happen, and an operator starts it.
            </p>
          )}
        </div>
      </div>
      {previewing.preview && <PreviewRows preview={previewing.preview} pending={previewing.pending} />}
    </>
  )
}

/** Who turns to something else means the same devices, and as much care. */
function keptOf(before: Choice, mode: Mode): Partial<Choice> {
  const { labels, devices, waves, atOnce, succeed, fail, pace, smoke, soak, deadline, window, days, zone } = before
  const care = { waves, atOnce, succeed, fail, pace, smoke, soak, deadline, window, days, zone }
  return mode === 'change' ? care : { ...care, labels, devices }
}
