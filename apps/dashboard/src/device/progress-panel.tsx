'use client'

import type { Seeking } from '@tradewind/protocol'
import type { DeviceDetail } from '@tradewind/store'
import { Check, CircleDashed, Clock, LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../ui/classes'
import { Notice } from '../ui/notice'
import { Panel, Section } from '../ui/section'
import { Ago, For, useNow } from '../ui/time'
import { explainRetry, explainTrouble } from '../words/explain-trouble'
import { bytes, percent, rate, span } from '../words/format'
import { stepNames, stepWords } from '../words/name-assignment'
import { progressOf, stepStates, stepsForward } from './progress'

type Props = { device: DeviceDetail; online: boolean }

/** The plan of a device that is not yet what it should be: what it does, how far it is, and what holds it up. */
export function ProgressPanel({ device, online }: Props) {
  const progress = progressOf(device)
  if (progress.is === 'settled' || device.revokedMs !== null) return null
  return (
    <Section title="On its way" hint={hintOf(device)}>
      <Panel className="p-5">
        <div aria-live="polite">
          {progress.is === 'unheard' && <Unheard {...progress} name={device.name} online={online} />}
          {progress.is === 'failed' && <Failed code={progress.code} detail={progress.detail} />}
          {(progress.is === 'working' || progress.is === 'blocked') && (
            <Sought seeking={progress.seeking} online={online} />
          )}
        </div>
      </Panel>
    </Section>
  )
}

function hintOf({ assignment, serving }: DeviceDetail): ReactNode {
  const { latest } = assignment ?? {}
  if (!latest) return null
  return (
    <>
      Revision {latest.revision}, <code className="font-mono text-xs">{latest.build}</code>, assigned{' '}
      <Ago atMs={latest.atMs} />
      {serving && serving.build !== latest.build && `. Until then it serves ${serving.label}`}.
    </>
  )
}

const Unheard = ({ revision, name, online }: { revision: number; name: string; online: boolean }) => (
  <p className="text-muted">
    {online
      ? `${name} is told of revision ${revision} now.`
      : `${name} is not connected. It hears of revision ${revision} as soon as it is back.`}
  </p>
)

function Failed({ code, detail }: { code: string; detail: string }) {
  const { says, toDo } = explainTrouble(code)
  return (
    <Notice tone="bad" title={says}>
      <p className="[overflow-wrap:anywhere]">
        {toDo} <code className="font-mono text-xs text-muted">{[code, detail].filter(Boolean).join(' ')}</code>
      </p>
    </Notice>
  )
}

function Sought({ seeking, online }: { seeking: Seeking; online: boolean }) {
  const { is, step, since, progress } = seeking
  return (
    <div className={classes('grid gap-4', !online && 'opacity-70')}>
      {!online && <p className="text-muted">The last it said: it is not connected now, and may be further.</p>}
      {step && (
        <>
          <p className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-medium">
              {is === 'blocked' ? `Waits: ${lower(stepWords[step])}` : stepWords[step]}
            </span>
            <For sinceMs={since} className="tabular text-[13px] text-muted" />
          </p>
          {progress && <Bar progress={progress} />}
          <Steps step={step} isBlocked={is === 'blocked'} />
        </>
      )}
      <Why seeking={seeking} />
    </div>
  )
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

function Bar({
  progress: { doneBytes, totalBytes, bytesPerSecond, etaMs },
}: {
  progress: NonNullable<Seeking['progress']>
}) {
  const share = totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : 0
  return (
    <div className="grid gap-1.5">
      <div
        role="progressbar"
        aria-label="Bytes"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="h-2.5 overflow-hidden rounded-full bg-raised"
      >
        <div className="h-full rounded-full bg-accent transition-[width]" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="tabular flex flex-wrap justify-between gap-x-4 text-[13px] text-muted">
        <span>
          {bytes(doneBytes)} of {bytes(totalBytes)} ({percent(share)})
        </span>
        <span>
          {bytesPerSecond !== null && `${rate(bytesPerSecond)}, `}
          {etaMs === null ? 'how long it takes is not known yet' : `about ${span(Math.max(1000, etaMs))} left`}
        </span>
      </p>
    </div>
  )
}

const Steps = ({ step, isBlocked }: { step: NonNullable<Seeking['step']>; isBlocked: boolean }) => {
  const states = stepStates(step)
  return (
    <ol aria-label="Steps" className="flex flex-wrap gap-x-5 gap-y-1.5 text-[13px]">
      {stepsForward.map((name) => {
        const state = states[name]
        return (
          <li
            key={name}
            aria-current={state === 'now' ? 'step' : undefined}
            className={classes('flex items-center gap-1.5', state === 'now' ? 'font-medium text-text' : 'text-muted')}
          >
            {state === 'done' && <Check className="size-3.5 text-good" aria-hidden />}
            {state === 'now' && isBlocked && <Clock className="size-3.5 text-attention" aria-hidden />}
            {state === 'now' && !isBlocked && (
              <LoaderCircle className="size-3.5 animate-spin text-accent" aria-hidden />
            )}
            {state === 'ahead' && <CircleDashed className="size-3.5 text-faint" aria-hidden />}
            {stepNames[name]}
            {state === 'done' && <span className="sr-only"> (done, or not needed)</span>}
          </li>
        )
      })}
    </ol>
  )
}

function Why({ seeking: { is, reason } }: { seeking: Seeking }) {
  const nowMs = useNow()
  if (!reason) return null
  const { says, toDo } = explainTrouble(reason.code, reason.detail)
  const isHopeless = is === 'blocked' && reason.retryAt === null
  return (
    <Notice tone={isHopeless ? 'bad' : 'attention'} title={says}>
      <p className="[overflow-wrap:anywhere]" suppressHydrationWarning>
        {explainRetry(reason.retryAt, nowMs)} {toDo}{' '}
        <code className="font-mono text-xs text-muted" title={JSON.stringify(reason.detail)}>
          {reason.code}
        </code>
      </p>
    </Notice>
  )
}
