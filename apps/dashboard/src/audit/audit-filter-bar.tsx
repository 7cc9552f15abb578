'use client'

import { X } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { idOf, labelOf, useDeviceChoices } from '../fleet/use-device-choices'
import { Button } from '../ui/button'
import { Field, Input, Select } from '../ui/field'
import { explainAction, explainActor } from '../words/explain-audit'
import { type AuditFilter, dayChoices, isNarrowed, noFilter, writeFilter } from './audit-filter'

type Props = { filter: AuditFilter; actors: string[]; actions: string[]; onName: string }

/** By person, deed, device and time; what is chosen stands in the address. */
export function AuditFilterBar({ filter, actors, actions, onName }: Props) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const [choices, look] = useDeviceChoices()
  const [on, setOn] = useState(onName)
  const go = (next: AuditFilter) => startTransition(() => router.push(`/audit${writeFilter(next)}`))
  const change = (part: Partial<AuditFilter>) => go({ ...filter, ...part })
  return (
    <form
      aria-label="Narrow the audit"
      aria-busy={pending}
      className="mb-4 grid grid-cols-2 items-end gap-3 lg:grid-cols-[1fr_1fr_1fr_9rem_auto]"
      onSubmit={(event) => {
        event.preventDefault()
        change({ on: idOf(on.trim()) })
      }}
    >
      <Field label="Who">
        {({ id }) => (
          <Select id={id} value={filter.who} onChange={(event) => change({ who: event.target.value })}>
            <option value="">Anybody</option>
            {withKnown(actors, filter.who).map((actor) => {
              const { kind, name } = explainActor(actor)
              return (
                <option key={actor} value={actor}>
                  {kind === 'Person' ? name : `${name} (${kind})`}
                </option>
              )
            })}
          </Select>
        )}
      </Field>
      <Field label="What">
        {({ id }) => (
          <Select id={id} value={filter.what} onChange={(event) => change({ what: event.target.value })}>
            <option value="">Anything</option>
            {withKnown(actions, filter.what).map((action) => (
              <option key={action} value={action}>
                {explainAction(action)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="On">
        {({ id }) => (
          <>
            <Input
              id={id}
              value={on}
              list={`${id}-devices`}
              placeholder="A device, an email, a workload"
              onFocus={(event) => look(event.target.value)}
              onChange={(event) => {
                setOn(event.target.value)
                look(event.target.value)
              }}
              onBlur={() => idOf(on.trim()) !== filter.on && on !== onName && change({ on: idOf(on.trim()) })}
            />
            <datalist id={`${id}-devices`}>
              {choices.map((device) => (
                <option key={device.id} value={labelOf(device)} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label="When">
        {({ id }) => (
          <Select
            id={id}
            value={filter.days ?? ''}
            onChange={(event) => change({ days: Number(event.target.value) || null })}
          >
            <option value="">Ever</option>
            {dayChoices.map((days) => (
              <option key={days} value={days}>
                {days === 1 ? 'Last 24 h' : `Last ${days} days`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button tone="quiet" disabled={!isNarrowed(filter)} onClick={() => go(noFilter)}>
        <X aria-hidden />
        Clear
      </Button>
    </form>
  )
}

const withKnown = (list: string[], known: string) => (known === '' || list.includes(known) ? list : [known, ...list])
