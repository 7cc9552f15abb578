'use client'

import type { FormEvent } from 'react'
import { call } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'
import { Field, Input } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { passwordLength } from './password'

type FirstAdmin = { code: string; name: string; email: string; password: string }

const create = (admin: FirstAdmin) => call('POST', '/api/setup', admin)
const enter = () => window.location.assign('/')

export function SetupForm({ code }: { code: string }) {
  const { pending, problem, start } = useDeed(create, enter)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name))
    start({ code, name: text('name'), email: text('email'), password: text('password') })
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="Your name">
        {({ id }) => <Input id={id} name="name" autoComplete="name" required maxLength={80} autoFocus />}
      </Field>
      <Field label="Email" hint="You sign in with it. Nothing is sent to it.">
        {({ id, hintId }) => (
          <Input id={id} name="email" type="email" autoComplete="username" required aria-describedby={hintId} />
        )}
      </Field>
      <Field label="Password" hint={`At least ${passwordLength.least} characters. Any characters will do.`}>
        {({ id, hintId }) => (
          <Input
            id={id}
            name="password"
            type="password"
            autoComplete="new-password"
            required
            minLength={passwordLength.least}
            maxLength={passwordLength.most}
            aria-describedby={hintId}
          />
        )}
      </Field>
      <ProblemNotice problem={problem} />
      <Button type="submit" tone="primary" pending={pending}>
        Create the first account
      </Button>
    </form>
  )
}
