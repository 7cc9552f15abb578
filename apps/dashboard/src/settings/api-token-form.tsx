'use client'

import type { FormEvent } from 'react'
import { call } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'
import { Field, Input, Select } from '../ui/field'
import { ProblemNotice } from '../ui/notice'

export type MadeApiToken = { name: string; secret: string }

/** What each role may do, in a few words. */
const choices = [
  { role: 'viewer', name: 'Viewer: reads' },
  { role: 'operator', name: 'Operator: also enrols, renames and asks devices' },
  { role: 'admin', name: 'Admin: also revokes devices and makes tokens' },
]

async function create(name: string, role: string): Promise<MadeApiToken> {
  const { secret } = await call<{ secret: string }>('POST', '/api/v1/api-tokens', { name, role })
  return { name, secret }
}

export function ApiTokenForm({ made }: { made: (token: MadeApiToken) => void }) {
  const { pending, problem, start } = useDeed(create, made)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    start(String(form.get('name')), String(form.get('role')))
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <div className="grid items-end gap-4 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_auto]">
        <Field label="Name">
          {({ id }) => <Input id={id} name="name" required maxLength={80} placeholder="My laptop" />}
        </Field>
        <Field label="Role">
          {({ id }) => (
            <Select id={id} name="role">
              {choices.map(({ role, name }) => (
                <option key={role} value={role}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit" tone="primary" pending={pending}>
          Make a token
        </Button>
      </div>
      <ProblemNotice problem={problem} />
    </form>
  )
}
