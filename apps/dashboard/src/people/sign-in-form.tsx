'use client'

import type { Problem } from '@tradewind/protocol'
import type { FormEvent } from 'react'
import { CallFailed } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'
import { Field, Input } from '../ui/field'
import { ProblemNotice } from '../ui/notice'

async function signIn(email: string, password: string) {
  const reply = await fetch('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  if (!reply.ok) throw new CallFailed(reasons[reply.status] ?? unclear)
}

const unclear: Problem = { code: 'internal', message: 'You could not be signed in.', next: 'Try again in a moment.' }
const reasons: Record<number, Problem> = {
  400: { code: 'bad-request', message: 'The email address is not complete.', next: 'Correct it and try again.' },
  401: { code: 'unauthorised', message: 'Email and password do not match.', next: 'Check both and try again.' },
  429: { code: 'rate-limited', message: 'There were too many attempts.', next: 'Wait a minute, then try again.' },
}

/** A full load after signing in, so that no page made for a stranger stays in memory. */
const enter = () => window.location.assign('/')

export function SignInForm() {
  const { pending, problem, start } = useDeed(signIn, enter)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    start(String(form.get('email')), String(form.get('password')))
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="Email">
        {({ id }) => <Input id={id} name="email" type="email" autoComplete="username" required autoFocus />}
      </Field>
      <Field label="Password">
        {({ id }) => <Input id={id} name="password" type="password" autoComplete="current-password" required />}
      </Field>
      <ProblemNotice problem={problem} />
      <Button type="submit" tone="primary" pending={pending}>
        Sign in
      </Button>
    </form>
  )
}
