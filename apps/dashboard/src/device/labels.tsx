'use client'

import type { Labels } from '@tradewind/protocol'
import { Plus, Tag, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { call } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'
import { Input } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { labelOf } from './read-label'

type Props = { deviceId: string; labels: Labels; mayEdit: boolean; changed: () => void }
type InUse = { labels: { name: string; value: string; devices: number }[] }

/** What people say of the device, and choose it by. Each change is the whole set, so that none is half done. */
export function LabelRow({ deviceId, labels, mayEdit, changed }: Props) {
  const [adding, setAdding] = useState(false)
  const [inUse, setInUse] = useState<InUse['labels']>([])
  const { pending, problem, start, forget } = useDeed(
    (next: Labels) => call('PUT', `/api/v1/devices/${deviceId}/labels`, { labels: next }),
    () => {
      setAdding(false)
      changed()
    },
  )
  const entries = Object.entries(labels).sort(([a], [b]) => a.localeCompare(b))
  const without = (name: string) => Object.fromEntries(entries.filter(([one]) => one !== name))
  const open = () => {
    setAdding(true)
    call<InUse>('GET', '/api/v1/labels').then(
      (reply) => setInUse(reply.labels),
      () => undefined,
    )
  }
  const cancel = () => {
    forget()
    setAdding(false)
  }
  return (
    <div className="grid gap-2">
      <ul className="flex flex-wrap items-center gap-1.5" aria-label="Labels" aria-busy={pending}>
        {entries.map(([name, value]) => (
          <li
            key={name}
            className="inline-flex min-h-7 max-w-full items-center gap-1 rounded-md bg-raised pl-2 pr-1 text-[13px] [overflow-wrap:anywhere]"
          >
            <Tag className="size-3 shrink-0 text-faint" aria-hidden />
            <span>
              <span className="text-muted">{name}=</span>
              {value}
            </span>
            {mayEdit ? (
              <button
                type="button"
                aria-label={`Remove the label ${name}`}
                disabled={pending}
                onClick={() => start(without(name))}
                className="grid size-7 place-items-center rounded text-muted hover:text-text max-sm:size-11"
              >
                <X className="size-3.5" aria-hidden />
              </button>
            ) : (
              <span className="w-1" />
            )}
          </li>
        ))}
        {entries.length === 0 && <li className="text-[13px] text-faint">no labels</li>}
        {mayEdit && !adding && (
          <li>
            <Button tone="quiet" size="small" onClick={open}>
              <Plus aria-hidden />
              Add a label
            </Button>
          </li>
        )}
      </ul>
      {adding && (
        <LabelForm
          inUse={inUse}
          pending={pending}
          cancel={cancel}
          add={(name, value) => start({ ...labels, [name]: value })}
        />
      )}
      <ProblemNotice problem={problem} className="max-w-md" />
    </div>
  )
}

type FormProps = {
  inUse: InUse['labels']
  pending: boolean
  add: (name: string, value: string) => void
  cancel: () => void
}

function LabelForm({ inUse, pending, add, cancel }: FormProps) {
  const [wrong, setWrong] = useState<string | null>(null)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const read = labelOf(String(new FormData(event.currentTarget).get('label')))
    if (!read.ok) return setWrong(read.says)
    setWrong(null)
    add(read.name, read.value)
  }
  return (
    <form onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && cancel()} className="grid gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <Input
          name="label"
          aria-label="Label, as name=value"
          aria-invalid={wrong !== null}
          placeholder="site=lyon"
          list="labels-in-use"
          autoFocus
          required
          className="w-56"
        />
        <datalist id="labels-in-use">
          {inUse.map(({ name, value, devices }) => (
            <option key={`${name}=${value}`} value={`${name}=${value}`}>
              {devices === 1 ? '1 device' : `${devices} devices`}
            </option>
          ))}
        </datalist>
        <Button type="submit" tone="primary" size="small" pending={pending}>
          Add
        </Button>
        <Button size="small" onClick={cancel}>
          Cancel
        </Button>
      </div>
      <p role="status" className={wrong ? 'text-[13px] text-bad' : 'text-[13px] text-muted'}>
        {wrong ?? 'Workloads choose devices by labels: what it has changes only as you accept it.'}
      </p>
    </form>
  )
}
