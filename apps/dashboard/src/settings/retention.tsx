'use client'

import type { Retention, RetentionName } from '@tradewind/store'
import { retentionBounds, retentionNames } from '@tradewind/store/model'
import { type FormEvent, useState } from 'react'
import { useRefresh } from '../fleet/use-fleet'
import { call } from '../live/call'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Input } from '../ui/field'
import { Panel, Section } from '../ui/section'
import { count } from '../words/format'

const names: Record<RetentionName, { name: string; says: string }> = {
  samples: { name: 'Samples', says: 'Every figure as it was measured. They cost the most room.' },
  minutes: { name: 'Minutes', says: 'Least, mean and most of each minute: what charts of a day show.' },
  quarters: {
    name: 'Quarters of an hour',
    says: 'What charts of a week and a month show, and the work that was done.',
  },
  hours: { name: 'Hours', says: 'What is left of the past.' },
  events: { name: 'Events', says: 'What devices and the hub said that happened, and problems that ended.' },
}

type Props = { days: Retention; mayChange: boolean }

/** How long records are kept. */
export function RetentionPanel({ days, mayChange }: Props) {
  const refresh = useRefresh(0)
  const [draft, setDraft] = useState<Partial<Record<RetentionName, string>>>({})
  const changed = retentionNames.filter((name) => draft[name] !== undefined && Number(draft[name]) !== days[name])
  const shorter = changed.filter((name) => Number(draft[name]) < days[name])
  const isSound = changed.every((name) => {
    const value = Number(draft[name])
    return Number.isInteger(value) && value >= retentionBounds[name].least && value <= retentionBounds[name].most
  })
  const save = () =>
    call('PATCH', '/api/v1/retention', Object.fromEntries(changed.map((name) => [name, Number(draft[name])])))
  return (
    <Section title="Retention" hint="How long the hub keeps what devices say. The audit is kept for good.">
      <Panel>
        <form onSubmit={(event: FormEvent) => event.preventDefault()}>
          <ul className="divide-y">
            {retentionNames.map((name) => (
              <li key={name} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-5 py-3">
                <label htmlFor={`keep-${name}`} className="min-w-0 flex-1 basis-56">
                  <span className="font-medium">{names[name].name}</span>
                  <span className="block text-[13px] text-muted">{names[name].says}</span>
                </label>
                {mayChange ? (
                  <span className="flex items-center gap-2">
                    <Input
                      id={`keep-${name}`}
                      type="number"
                      inputMode="numeric"
                      min={retentionBounds[name].least}
                      max={retentionBounds[name].most}
                      className="tabular w-24 text-right"
                      value={draft[name] ?? days[name]}
                      onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
                    />
                    days
                  </span>
                ) : (
                  <span id={`keep-${name}`} className="tabular">
                    {count(days[name])} days
                  </span>
                )}
              </li>
            ))}
          </ul>
          {mayChange && (
            <div className="flex min-h-16 flex-wrap items-center justify-end gap-3 border-t px-5 py-3">
              {!isSound && (
                <p role="alert" className="mr-auto text-bad">
                  {changed
                    .map(
                      (name) =>
                        `${names[name].name}: ${retentionBounds[name].least} to ${count(retentionBounds[name].most)} days`,
                    )
                    .join('. ')}
                </p>
              )}
              {changed.length > 0 && <Button onClick={() => setDraft({})}>Undo</Button>}
              <Confirm
                trigger={
                  <Button tone="primary" disabled={changed.length === 0 || !isSound}>
                    Save
                  </Button>
                }
                title="Change how long records are kept?"
                consequence={
                  <ul className="grid gap-1">
                    {changed.map((name) => (
                      <li key={name}>
                        {names[name].name}: {count(days[name])} to {count(Number(draft[name]))} days
                        {shorter.includes(name) &&
                          '. What is older is dropped within 10 minutes and does not come back'}
                      </li>
                    ))}
                  </ul>
                }
                verb="Change"
                danger={shorter.length > 0}
                run={save}
                done={() => {
                  setDraft({})
                  refresh()
                }}
              />
            </div>
          )}
        </form>
      </Panel>
    </Section>
  )
}
