'use client'

import { ChevronRight } from 'lucide-react'
import type { FormEvent } from 'react'
import { idOf, labelOf, useDeviceChoices } from '../fleet/use-device-choices'
import { call } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'
import { Field, Input, Select } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { Panel } from '../ui/section'
import type { MadeToken } from './made-token'

const lives = [
  { hours: 1, name: '1 hour' },
  { hours: 24, name: '1 day' },
  { hours: 168, name: '7 days' },
  { hours: 720, name: '30 days' },
]

type Props = { made: (token: MadeToken) => void }

export function TokenForm({ made }: Props) {
  const { pending, problem, start } = useDeed(
    (ask: object) => call<MadeToken>('POST', '/api/v1/enrol-tokens', ask),
    made,
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const forDevice = String(form.get('forDevice') ?? '').trim()
    start({
      note: String(form.get('note')),
      lifeHours: Number(form.get('lifeHours')),
      ...(forDevice === '' ? {} : { forDevice: idOf(forDevice) }),
    })
  }
  return (
    <Panel className="max-w-3xl p-5">
      <form onSubmit={submit} className="grid gap-5 sm:grid-cols-2">
        <Field label="Note" hint="For you: which device it is for.">
          {({ id, hintId }) => (
            <Input id={id} name="note" maxLength={200} placeholder="Pi in the front shop" aria-describedby={hintId} />
          )}
        </Field>
        <Field label="Good for" hint="Unused tokens stop working after this.">
          {({ id, hintId }) => (
            <Select id={id} name="lifeHours" defaultValue={24} aria-describedby={hintId}>
              {lives.map(({ hours, name }) => (
                <option key={hours} value={hours}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <ReplaceKey />
        <div className="grid gap-3 sm:col-span-2">
          <ProblemNotice problem={problem} />
          <Button type="submit" tone="primary" pending={pending} className="justify-self-start">
            Make a token
          </Button>
        </div>
      </form>
    </Panel>
  )
}

function ReplaceKey() {
  const [choices, look] = useDeviceChoices()
  return (
    <details className="group sm:col-span-2">
      <summary className="flex w-fit cursor-pointer list-none items-center gap-1 py-1 text-[13px] font-medium text-muted hover:text-text [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
        Replace the key of an existing device
      </summary>
      <div className="mt-3 max-w-md">
        <Field
          label="Device"
          hint="For a device with a new card: it keeps its name and history, and its old key is refused from then on."
        >
          {({ id, hintId }) => (
            <>
              <Input
                id={id}
                name="forDevice"
                list={`${id}-devices`}
                placeholder="Its name"
                aria-describedby={hintId}
                onFocus={(event) => look(event.target.value)}
                onChange={(event) => look(event.target.value)}
              />
              <datalist id={`${id}-devices`}>
                {choices.map((device) => (
                  <option key={device.id} value={labelOf(device)} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
    </details>
  )
}
