'use client'

import type { Problem } from '@tradewind/protocol'
import { type FormEvent, useEffect, useState } from 'react'
import { Doorstep } from '../frame/doorstep'
import { call, problemFrom } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'
import { Field, Input } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { passwordLength } from './password'

type Invited = { name: string; email: string }
type Known =
  | { state: 'looking' }
  | { state: 'invited'; code: string; person: Invited }
  | { state: 'no'; problem: Problem }

const noCode: Problem = {
  code: 'bad-request',
  message: 'This address has no code.',
  next: 'Open the whole link that you were given, or ask an admin for another one.',
}

/** Where somebody who was invited chooses a password. */
export function JoinDoor() {
  const [known, setKnown] = useState<Known>({ state: 'looking' })
  useEffect(() => {
    const code = window.location.hash.slice(1)
    if (code === '') return setKnown({ state: 'no', problem: noCode })
    call<Invited>('POST', '/api/join', { code }).then(
      (person) => setKnown({ state: 'invited', code, person }),
      (error) => setKnown({ state: 'no', problem: problemFrom(error) }),
    )
  }, [])
  if (known.state === 'invited')
    return (
      <Doorstep title={`Welcome, ${known.person.name}`} hint="Choose the password with which you sign in from now on.">
        <PasswordForm code={known.code} email={known.person.email} />
      </Doorstep>
    )
  return (
    <Doorstep title="Choose a password" hint={known.state === 'looking' ? 'Looking at your link.' : undefined}>
      {known.state === 'no' ? <ProblemNotice problem={known.problem} /> : <div className="skeleton h-24" aria-busy />}
    </Doorstep>
  )
}

const choose = (code: string, password: string) => call('POST', '/api/join', { code, password })
/** A full load, so that no page made for a stranger stays in memory. */
const enter = () => window.location.assign('/')

function PasswordForm({ code, email }: { code: string; email: string }) {
  const { pending, problem, start } = useDeed(choose, enter)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    start(code, String(new FormData(event.currentTarget).get('password')))
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="Email">
        {({ id }) => <Input id={id} name="email" value={email} readOnly autoComplete="username" />}
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
            autoFocus
          />
        )}
      </Field>
      <ProblemNotice problem={problem} />
      <Button type="submit" tone="primary" pending={pending}>
        Keep it and sign in
      </Button>
    </form>
  )
}
