import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { SignOut } from '../../../frame/sign-out'
import { ThemeChoice } from '../../../frame/theme'
import { may } from '../../../people/permission'
import { requirePerson } from '../../../server/person'
import { store } from '../../../server/store'
import { ApiTokens } from '../../../settings/api-tokens'
import { PageTitle, Panel, Section } from '../../../ui/section'

export const metadata: Metadata = { title: 'Settings' }

export default async function Settings() {
  const { name, email, role } = await requirePerson()
  const manages = may(role, 'manage-api-tokens')
  const asked = await headers()
  const origin = `${asked.get('x-forwarded-proto') ?? 'http'}://${asked.get('host')}`
  return (
    <>
      <PageTitle title="Settings" />
      <div className="grid max-w-4xl gap-10">
        <Section title="Your account">
          <Panel className="flex flex-wrap items-center justify-between gap-4 px-5 py-4">
            <div className="min-w-0">
              <p className="truncate font-medium">{name}</p>
              <p className="truncate text-muted">
                {email} · {role}
              </p>
            </div>
            <SignOut words />
          </Panel>
        </Section>
        <Section title="Theme" hint="Kept in this browser.">
          <ThemeChoice words />
        </Section>
        {manages && <ApiTokens tokens={await (await store()).listApiTokens()} origin={origin} />}
      </div>
    </>
  )
}
