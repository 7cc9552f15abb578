'use client'

import { FileAudio, Mic, Square, Upload } from 'lucide-react'
import { type DragEvent, useEffect, useId, useState } from 'react'
import { Button, buttonLook } from '../ui/button'
import { classes } from '../ui/classes'
import { Select } from '../ui/field'
import { useNow } from '../ui/time'
import { bytes, span } from '../words/format'
import type { Clip } from './clip'
import { languageName } from './languages'
import { useRecorder } from './use-recorder'
import { clipOf, type Sample } from './use-samples'

type Props = {
  clip: Clip | null
  samples: Sample[]
  disabled: boolean
  chosen: (clip: Clip, language?: string) => void
}

/** A file, the microphone, or one of the demo's own clips. */
export function ClipSource({ clip, samples, disabled, chosen }: Props) {
  const [over, setOver] = useState(false)
  const id = useId()
  const take = (files: FileList | null) => {
    const [file] = files ?? []
    if (file) chosen({ name: file.name, blob: file })
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!disabled) take(event.dataTransfer.files)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on; the buttons within do the same
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setOver(!disabled)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classes(
        'grid gap-3 rounded-lg border border-dashed border-line-strong p-4',
        over && 'border-accent bg-accent-soft',
      )}
    >
      <div className="flex min-h-11 items-center gap-3 sm:min-h-9">
        <FileAudio className="size-4 shrink-0 text-faint" aria-hidden />
        {clip ? (
          <p className="min-w-0 truncate">
            <span className="font-medium">{clip.name}</span>{' '}
            <span className="tabular text-muted">{bytes(clip.blob.size)}</span>
          </p>
        ) : (
          <p className="text-muted">Drop an audio file here: wav, mp3, flac, ogg, m4a, webm, at most 25 MiB.</p>
        )}
      </div>
      {clip && <Player clip={clip} />}
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          type="file"
          accept="audio/*,.webm,.m4a,.opus"
          disabled={disabled}
          className="peer sr-only"
          onChange={(event) => {
            take(event.target.files)
            event.target.value = '' // the same file may be chosen again
          }}
        />
        <label
          htmlFor={id}
          className={classes(
            buttonLook({ tone: 'plain' }),
            'peer-focus-visible:outline-2 peer-focus-visible:outline-accent peer-focus-visible:outline-offset-2',
            disabled ? 'cursor-not-allowed opacity-55' : 'cursor-pointer',
          )}
        >
          <Upload aria-hidden />
          Choose a file
        </label>
        <Recorder disabled={disabled} chosen={chosen} />
        {samples.length > 0 && <Samples samples={samples} disabled={disabled} chosen={chosen} />}
      </div>
    </div>
  )
}

/** Plays from the page itself. */
function Player({ clip: { blob, name } }: { clip: Clip }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  // biome-ignore lint/a11y/useMediaCaption: what is said in it is what the person wants to learn
  return <audio controls src={url} aria-label={name} className="h-10 w-full" />
}

function Recorder({ disabled, chosen }: Pick<Props, 'disabled' | 'chosen'>) {
  const { available, sinceMs, refused, start, stop } = useRecorder(chosen)
  const nowMs = useNow()
  if (sinceMs !== null)
    return (
      <Button tone="danger" onClick={stop}>
        <Square aria-hidden />
        Stop <span className="tabular">{span(nowMs - sinceMs)}</span>
      </Button>
    )
  return (
    <>
      <Button disabled={disabled || available !== true} onClick={() => void start()}>
        <Mic aria-hidden />
        Record
      </Button>
      {available === false && (
        <p className="basis-full text-[13px] text-muted">
          Your browser gives the microphone only to pages over HTTPS or from localhost. Open this dashboard at
          localhost, or choose a file.
        </p>
      )}
      {refused && (
        <p role="alert" className="basis-full text-[13px] text-bad">
          The browser did not give the microphone. Allow it for this page, or choose a file.
        </p>
      )}
    </>
  )
}

const Samples = ({ samples, disabled, chosen }: Pick<Props, 'samples' | 'disabled' | 'chosen'>) => (
  <Select
    aria-label="Sample clip of the demo"
    value=""
    disabled={disabled}
    className="min-w-0 flex-1 basis-52"
    onChange={(event) => {
      const sample = samples.find(({ file }) => file === event.target.value)
      if (sample) void clipOf(sample).then((clip) => chosen(clip, sample.lang))
    }}
  >
    <option value="">Sample clips…</option>
    {samples.map(({ file, lang, transcript }) => (
      <option key={file} value={file}>
        {languageName(lang)}: {transcript}
      </option>
    ))}
  </Select>
)
