import type { TrialReply } from '@tradewind/protocol'
import type { ReactNode } from 'react'
import { Demo } from '../device/serving-panel'
import { Button } from '../ui/button'
import { Notice, ProblemNotice } from '../ui/notice'
import { useNow } from '../ui/time'
import { bytes, percent, seconds, span } from '../words/format'
import { languageName } from './languages'
import type { Trial } from './use-trial'

type Props = { trial: Trial; deviceName: string; cancel: () => void }

/** What came of it, in a place that is there from the beginning so that nothing jumps. */
export const TrialResult = ({ trial, deviceName, cancel }: Props) => (
  <div className="min-w-0 lg:min-h-80" aria-live="polite">
    {trial.is === 'idle' && (
      <p className="text-muted">What {deviceName} hears in your clip appears here, with the time it took.</p>
    )}
    {trial.is === 'sending' && (
      <Underway cancel={cancel} share={trial.share}>
        Sending the clip, {percent(trial.share)}
      </Underway>
    )}
    {trial.is === 'waiting' && (
      <Underway cancel={cancel} share={null}>
        {deviceName} is listening, <Elapsed sinceMs={trial.sinceMs} />
      </Underway>
    )}
    {trial.is === 'refused' && <Refused trial={trial} />}
    {trial.is === 'heard' && <Heard trial={trial} />}
  </div>
)

type UnderwayProps = { share: number | null; cancel: () => void; children: ReactNode }

/** A share that is not known moves. */
const Underway = ({ share, cancel, children }: UnderwayProps) => (
  <div className="grid justify-items-start gap-4">
    <p className="tabular font-medium">{children}</p>
    <div
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      className="h-1.5 w-full overflow-hidden rounded-full bg-raised"
    >
      <div
        className={share === null ? 'skeleton h-full w-full bg-accent' : 'h-full bg-accent'}
        style={share === null ? undefined : { width: `${share * 100}%` }}
      />
    </div>
    <Button onClick={cancel}>Cancel</Button>
  </div>
)

/** Not read out: it changes every second. */
const Elapsed = ({ sinceMs }: { sinceMs: number }) => <span aria-hidden>{span(useNow() - sinceMs)}</span>

function Refused({ trial: { problem } }: { trial: Extract<Trial, { is: 'refused' }> }) {
  const { detail } = problem
  const again = detail?.retryAfterSeconds
  return (
    <div className="grid gap-2">
      <ProblemNotice problem={problem} />
      {detail?.code !== undefined && detail.code !== problem.code && (
        <p className="text-[13px] text-muted">
          The device says: {String(detail.detail)} <code className="font-mono text-xs">{String(detail.code)}</code>
        </p>
      )}
      {again !== undefined && <p className="text-[13px] text-muted">It expects room in about {again} s.</p>}
    </div>
  )
}

function Heard({ trial: { reply, wish, clip } }: { trial: Extract<Trial, { is: 'heard' }> }) {
  const { heard } = reply
  return (
    <div className="grid gap-5">
      <Text title={languageName(heard.language)} lang={heard.language} text={heard.text} demo={heard.demo} />
      {wish.targetLanguage !== undefined && heard.translation !== undefined && (
        <Text title={languageName(wish.targetLanguage)} lang={wish.targetLanguage} text={heard.translation} />
      )}
      {clip.says !== undefined && <p className="text-[13px] text-muted">Spoken in the clip: “{clip.says}”.</p>}
      {heard.cut && (
        <Notice tone="attention" title="The transcript is longer than this page can get">
          Its end is missing. Programs get all of it from the device's own API.
        </Notice>
      )}
      <Timing reply={reply} />
      {heard.segments.length > 1 && <Segments segments={heard.segments} />}
    </div>
  )
}

type TextProps = { title: string; lang: string; text: string; demo?: boolean }

const Text = ({ title, lang, text, demo = false }: TextProps) => (
  <div className="grid gap-1">
    <div className="flex items-center gap-3">
      <h3 className="text-[13px] text-muted">{title}</h3>
      {demo && <Demo />}
    </div>
    {text === '' ? (
      <p className="text-base text-muted">No speech was heard.</p>
    ) : (
      <p lang={lang} className="max-h-80 overflow-auto text-base leading-6 [overflow-wrap:anywhere]">
        {text}
      </p>
    )}
  </div>
)

/** Where the time went, in the order in which it did. */
function Timing({ reply: { heard, clipBytes, uploadMs, deviceMs } }: { reply: TrialReply }) {
  const { audioSeconds, queueMs, engineMs, totalMs, build } = heard
  const figures: [name: string, value: string, title?: string][] = [
    ['Audio', seconds(audioSeconds * 1000)],
    ['Upload', seconds(uploadMs), `${bytes(clipBytes)} to the hub`],
    ['To the device and back', seconds(Math.max(0, deviceMs - totalMs))],
    ['Waited for others', seconds(queueMs)],
    ['Engine', seconds(engineMs)],
    ['On the device in all', seconds(totalMs)],
  ]
  return (
    <div className="grid gap-2 border-t pt-4">
      <p className="tabular">
        <RealTime factor={audioSeconds > 0 ? engineMs / 1000 / audioSeconds : null} />{' '}
        <code className="font-mono text-xs text-muted">{build}</code>
      </p>
      <dl className="grid gap-x-8 gap-y-1.5 sm:grid-cols-2">
        {figures.map(([name, value, title]) => (
          <div key={name} className="flex justify-between gap-4" title={title}>
            <dt className="text-muted">{name}</dt>
            <dd className="tabular">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function RealTime({ factor }: { factor: number | null }) {
  if (factor === null) return <span className="text-faint">Real-time factor unknown: there is no sound in it</span>
  return (
    <>
      Real-time factor <span className="font-medium">{factor.toFixed(2)}</span>,{' '}
      {factor < 1 ? 'faster than live' : 'slower than live'}
    </>
  )
}

const Segments = ({ segments }: { segments: TrialReply['heard']['segments'] }) => (
  <details>
    <summary className="cursor-pointer py-1 text-[13px] text-muted">{segments.length} segments</summary>
    <ol className="mt-2 grid max-h-64 gap-1.5 overflow-auto">
      {segments.map(({ start, end, text }) => (
        <li key={start} className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-3">
          <span className="tabular text-muted">
            {start.toFixed(1)} to {end.toFixed(1)} s
          </span>
          <span className="[overflow-wrap:anywhere]">{text}</span>
        </li>
      ))}
    </ol>
  </details>
)
