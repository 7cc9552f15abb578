import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { Doorstep } from '../../frame/doorstep'
import { SignInForm } from '../../people/sign-in-form'
import { askerOf } from '../../server/person'
import { store } from '../../server/store'

export const metadata: Metadata = { title: 'Sign in' }

export default async function Login() {
  if (await askerOf(await headers())) redirect('/')
  if (!(await (await store()).hasAdmin())) redirect('/setup')
  return (
    <Doorstep title="Sign in to Tradewind" hint="Use the account of this hub.">
      <SignInForm />
    </Doorstep>
  )
}
