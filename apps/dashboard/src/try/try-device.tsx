'use client'

import type { Problem, TrialWish } from '@tradewind/protocol'
import type { DeviceDetail } from '@tradewind/store'
import { useState } from 'react'
import { Button } from '../ui/button'
import { Field, Select } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { Panel, Section } from '../ui/section'
import { whyDeaf } from '../words/name-serving'
import { type Clip, clipProblem } from './clip'
import { ClipSource } from './clip-source'
import { byName, languageName } from './languages'
import { TrialResult } from './trial-result'
import { useSamples } from './use-samples'
import { useTrial } from './use-trial'

type Props = { device: Pick<DeviceDetail, 'id' | 'name' | 'serving'>; online: boolean; languages: string[] }

/** A person gives this very device a clip and sees what it hears. */
export function TryDevice({ device: { id, name, serving }, online, languages }: Props) {
  const { trial, start, cancel } = useTrial(id)
  const [clip, setClip] = useState<Clip | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [wish, setWish] = useState<TrialWish>({ language: 'en' })
  const samples = useSamples(serving?.demo === true)
  const whyNot = whyDeaf(name, online, serving)
  const busy = trial.is === 'sending' || trial.is === 'waiting'

  const choose = (next: Clip, language = wish.language) => {
    const speaksAgainst = clipProblem(next)
    setProblem(speaksAgainst)
    if (speaksAgainst) return
    setClip(next)
    setWish({ ...wish, language })
  }
  return (
    <Section
      title="Try it"
      hint={`Give ${name} a clip and see what it hears. Neither the clip nor the text is kept; the audit says that you tried.`}
    >
      <Panel className="grid gap-x-8 gap-y-6 p-5 lg:grid-cols-2">
        <div className="grid min-w-0 content-start gap-4">
          <ClipSource clip={clip} samples={samples} disabled={busy || whyNot !== null} chosen={choose} />
          <ProblemNotice problem={problem} />
          <Languages
            wish={wish}
            known={samples.length > 0 ? [...new Set(samples.map(({ lang }) => lang))] : languages}
            disabled={busy || whyNot !== null}
            changed={setWish}
          />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button
              tone="primary"
              pending={busy}
              disabled={clip === null || whyNot !== null}
              onClick={() => clip && void start(clip, wish)}
            >
              {wish.targetLanguage === undefined ? 'Transcribe' : 'Translate'}
            </Button>
            {whyNot && !busy && <p className="min-w-0 flex-1 basis-48 text-muted">{whyNot}</p>}
          </div>
        </div>
        <TrialResult trial={trial} deviceName={name} cancel={cancel} />
      </Panel>
    </Section>
  )
}

type LanguagesProps = { wish: TrialWish; known: string[]; disabled: boolean; changed: (wish: TrialWish) => void }

const Languages = ({ wish: { language, targetLanguage }, known, disabled, changed }: LanguagesProps) => (
  <div className="grid gap-4 sm:grid-cols-2">
    <Field label="Spoken language">
      {({ id }) => (
        <Select
          id={id}
          value={language}
          disabled={disabled}
          onChange={(event) => changed({ language: event.target.value, targetLanguage })}
        >
          <Options known={known} />
        </Select>
      )}
    </Field>
    <Field label="Translate into">
      {({ id }) => (
        <Select
          id={id}
          value={targetLanguage ?? ''}
          disabled={disabled}
          onChange={(event) => changed({ language, targetLanguage: event.target.value || undefined })}
        >
          <option value="">Nothing: transcribe only</option>
          <Options known={known} />
        </Select>
      )}
    </Field>
  </div>
)

const Options = ({ known }: { known: string[] }) =>
  byName(known).map((code) => (
    <option key={code} value={code}>
      {languageName(code)}
    </option>
  ))
