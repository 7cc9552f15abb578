'use client'

import type { Role } from '@tradewind/store'
import { roles } from '@tradewind/store/model'
import { type FormEvent, useState } from 'react'
import { call } from '../live/call'
import { useDeed } from '../live/use-deed'
import { type Deed, deeds, may } from '../people/permission'
import { Button } from '../ui/button'
import { Field, Input, Select } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { deedNames, roleMeanings, roleNames } from '../words/name-deed'

export type MadeApiToken = { name: string; secret: string }

async function create(name: string, role: Role, only: Deed[] | null): Promise<MadeApiToken> {
  const { secret } = await call<{ secret: string }>('POST', '/api/v1/api-tokens', { name, role, deeds: only })
  return { name, secret }
}

export function ApiTokenForm({ made }: { made: (token: MadeApiToken) => void }) {
  const { pending, problem, start } = useDeed(create, made)
  const [role, setRole] = useState<Role>('viewer')
  const [isNarrow, setNarrow] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    start(String(form.get('name')), role, isNarrow ? (form.getAll('deed') as Deed[]) : null)
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <div className="grid items-end gap-4 sm:grid-cols-[1fr_11rem_13rem_auto]">
        <Field label="Name">
          {({ id }) => <Input id={id} name="name" required maxLength={80} placeholder="nightly report" />}
        </Field>
        <Field label="Role">
          {({ id }) => (
            <Select id={id} value={role} onChange={(event) => setRole(event.target.value as Role)}>
              {roles.map((one) => (
                <option key={one} value={one} title={roleMeanings[one]}>
                  {roleNames[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="May do">
          {({ id }) => (
            <Select
              id={id}
              value={isNarrow ? 'some' : 'all'}
              onChange={(event) => setNarrow(event.target.value === 'some')}
            >
              <option value="all">All that its role may</option>
              <option value="some">Only some of it</option>
            </Select>
          )}
        </Field>
        <Button type="submit" tone="primary" pending={pending}>
          Make a token
        </Button>
      </div>
      {isNarrow && (
        <fieldset className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
          <legend className="mb-1.5 font-medium">Only these</legend>
          {deeds
            .filter((deed) => may(role, deed))
            .map((deed) => (
              <label key={deed} className="flex min-h-11 items-center gap-2.5 sm:min-h-8">
                <input
                  type="checkbox"
                  name="deed"
                  value={deed}
                  defaultChecked={deed === 'read'}
                  className="size-4 accent-(--accent)"
                />
                {deedNames[deed]}
              </label>
            ))}
        </fieldset>
      )}
      <ProblemNotice problem={problem} />
    </form>
  )
}
