'use client'

import type { FleetRow } from '@tradewind/store'
import { X } from 'lucide-react'
import { useId, useState } from 'react'
import { call } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'
import { Field, Input } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { count } from '../words/format'
import { ofLabelling } from './consequences'

/** Gives a label to all of these, or takes one away. */
export function LabelForm({ rows, done }: { rows: FleetRow[]; done: () => void }) {
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  const { pending, problem, start } = useDeed(
    (change: object) => call('POST', '/api/v1/devices/labels', { devices: rows.map(({ id }) => id), ...change }),
    done,
  )
  const isWhole = name.trim() !== '' && value.trim() !== ''
  const words = useId()
  const inUse = labelsOf(rows)
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (isWhole) start({ set: { [name.trim()]: value.trim() } })
      }}
    >
      {inUse.length > 0 && (
        <ul aria-label="Labels that they have" className="flex max-h-40 flex-wrap gap-1.5 overflow-y-auto">
          {inUse.map(({ word, label, devices }) => (
            <li key={word} className="flex items-center rounded-md border pl-2.5 font-mono text-xs">
              {word}
              {devices < rows.length && <span className="tabular pl-1.5 text-muted">{count(devices)}</span>}
              <button
                type="button"
                disabled={pending}
                onClick={() => start({ remove: [label] })}
                title={ofLabelling(rows, { name: label, value: null })[0]}
                aria-label={`Take ${label} away`}
                className="grid size-11 place-items-center text-muted hover:text-text sm:size-7"
              >
                <X className="size-3.5" aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="grid grid-cols-2 gap-3">
        <Field label="Name">
          {({ id }) => (
            <Input
              id={id}
              list={words}
              placeholder="site"
              value={name}
              maxLength={40}
              autoCapitalize="off"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Value">
          {({ id }) => (
            <Input
              id={id}
              placeholder="lyon"
              value={value}
              maxLength={60}
              autoCapitalize="off"
              onChange={(event) => setValue(event.target.value)}
            />
          )}
        </Field>
        <datalist id={words}>
          {[...new Set(inUse.map(({ label }) => label))].map((label) => (
            <option key={label} value={label} />
          ))}
        </datalist>
      </div>
      <p className="min-h-10 text-muted">
        {isWhole && ofLabelling(rows, { name: name.trim(), value: value.trim() }).join(' ')}
      </p>
      <ProblemNotice problem={problem} />
      <div className="flex justify-end">
        <Button type="submit" tone="primary" pending={pending} disabled={!isWhole}>
          Set label
        </Button>
      </div>
    </form>
  )
}

/** The labels of these devices, with how many have each. */
function labelsOf(rows: FleetRow[]): { word: string; label: string; devices: number }[] {
  const found = new Map<string, { word: string; label: string; devices: number }>()
  for (const { labels } of rows)
    for (const [label, value] of Object.entries(labels)) {
      const word = `${label}=${value}`
      found.set(word, { word, label, devices: (found.get(word)?.devices ?? 0) + 1 })
    }
  return [...found.values()].toSorted((a, b) => a.word.localeCompare(b.word))
}
