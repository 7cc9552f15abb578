'use client'

import { X } from 'lucide-react'
import { useRef, useState } from 'react'
import { call } from '../live/call'
import { Button } from '../ui/button'
import { Field, Input, Select } from '../ui/field'
import { Section } from '../ui/section'
import { devicesWords } from '../words/name-placement'
import type { LabelInUse } from './assign-room'
import { type Choice, listOf, readLabels, writeLabels } from './choice'

type Props = {
  choice: Choice
  labels: LabelInUse[]
  names: [id: string, name: string][]
  change: (some: Partial<Choice>) => void
  /** none chosen means every device */
  mayBeAll: boolean
}

/** Devices beyond these are counted, not named. */
const mostNamed = 24

/** Which devices: those with labels, or some by their names. */
export function Selecting({ choice, labels, names, change, mayBeAll }: Props) {
  const chosen = readLabels(choice.labels)
  const ids = listOf(choice.devices)
  const [known, setKnown] = useState(() => new Map(names))
  const addLabel = (pair: string) => change({ labels: writeLabels({ ...chosen, ...readLabels(pair) }) })
  const withoutLabel = (name: string) =>
    change({ labels: writeLabels(Object.fromEntries(Object.entries(chosen).filter(([one]) => one !== name))) })
  const add = ({ id, name }: Named) => {
    setKnown((before) => new Map(before).set(id, name))
    change({ devices: [...new Set([...ids, id])].join(',') })
  }
  return (
    <Section
      title="Which devices"
      hint={
        mayBeAll ? 'Those with all of these labels, and of the names if you give any. None: every device.' : undefined
      }
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <div>
          <Field label="With labels" hint={labels.length === 0 ? 'No device has a label yet.' : undefined}>
            {({ id, hintId }) => (
              <Select
                id={id}
                aria-describedby={hintId}
                value=""
                disabled={labels.length === 0}
                onChange={(event) => addLabel(event.target.value)}
              >
                <option value="">Add a label</option>
                {labels
                  .filter(({ name, value }) => chosen[name] !== value)
                  .map(({ name, value, devices }) => (
                    <option key={`${name}=${value}`} value={`${name}=${value}`}>
                      {name} {value}, {devicesWords(devices)}
                    </option>
                  ))}
              </Select>
            )}
          </Field>
          <Chips
            chips={Object.entries(chosen).map(([name, value]) => ({ id: name, name: `${name} ${value}` }))}
            remove={withoutLabel}
          />
        </div>
        <div>
          <DeviceField add={add} />
          <Chips
            chips={ids.slice(0, mostNamed).map((id) => ({ id, name: known.get(id) ?? id }))}
            remove={(id) => change({ devices: ids.filter((one) => one !== id).join(',') })}
          />
          {ids.length > 0 && (
            <p className="mt-2 flex min-h-8 items-center gap-3 text-[13px] text-muted">
              {devicesWords(ids.length)} by name
              <Button size="small" tone="quiet" onClick={() => change({ devices: '' })}>
                Clear
              </Button>
            </p>
          )}
        </div>
      </div>
    </Section>
  )
}

type Named = { id: string; name: string }

const Chips = ({ chips, remove }: { chips: Named[]; remove: (id: string) => void }) =>
  chips.length > 0 && (
    <ul className="mt-2 flex flex-wrap gap-1.5">
      {chips.map(({ id, name }) => (
        <li
          key={id}
          className="inline-flex max-w-full items-center gap-1 rounded-md bg-accent-soft pl-2.5 text-[13px] font-medium text-accent-strong"
        >
          <span className="truncate" title={name}>
            {name}
          </span>
          <button
            type="button"
            aria-label={`Remove ${name}`}
            onClick={() => remove(id)}
            className="grid size-11 shrink-0 place-items-center rounded-md hover:bg-raised sm:size-7"
          >
            <X className="size-3.5" aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )

/** Finds devices by what is typed; one is added when its name is chosen. */
function DeviceField({ add }: { add: (device: Named) => void }) {
  const [text, setText] = useState('')
  const [found, setFound] = useState<Named[]>([])
  const asked = useRef('')
  async function look(typed: string) {
    asked.current = typed
    const query = new URLSearchParams({ q: typed, sort: 'name', limit: '20' })
    const reply = await call<{ devices: Named[] }>('GET', `/api/v1/devices?${query}`).catch(() => null)
    if (reply && asked.current === typed) setFound(reply.devices)
  }
  function type(typed: string) {
    const device = found.find((one) => labelOf(one) === typed)
    setText(device ? '' : typed)
    if (device) add(device)
    else look(typed)
  }
  return (
    <Field label="By name">
      {({ id }) => (
        <>
          <Input
            id={id}
            type="search"
            list={`${id}-devices`}
            placeholder="Add a device"
            value={text}
            onFocus={() => look(text)}
            onChange={(event) => type(event.target.value)}
          />
          <datalist id={`${id}-devices`}>
            {found.map((device) => (
              <option key={device.id} value={labelOf(device)} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  )
}

/** Two devices may share a name. */
const labelOf = ({ name, id }: Named) => `${name} (${id})`
