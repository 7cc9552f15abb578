import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { SignOut } from '../../../frame/sign-out'
import { ThemeChoice } from '../../../frame/theme'
import { may } from '../../../people/permission'
import { requirePerson } from '../../../server/person'
import { store } from '../../../server/store'
import { ApiTokens } from '../../../settings/api-tokens'
import { MirrorPanel } from '../../../settings/mirror-panel'
import { People } from '../../../settings/people'
import { PolicyPanel } from '../../../settings/policy-panel'
import { RetentionPanel } from '../../../settings/retention'
import { RoleTable } from '../../../settings/role-table'
import { PageTitle, Panel, Section } from '../../../ui/section'
import { roleNames } from '../../../words/name-deed'

export const metadata: Metadata = { title: 'Settings' }

export default async function Settings() {
  const { name, email, role } = await requirePerson()
  const opened = await store()
  const [catalogue, { days }] = await Promise.all([opened.catalogue(), opened.retention()])
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
                {email} · {roleNames[role]}
              </p>
            </div>
            <SignOut words />
          </Panel>
        </Section>
        <Section title="Theme" hint="Kept in this browser.">
          <ThemeChoice words />
        </Section>
        {may(role, 'manage-people') && <People people={await opened.listPeople()} origin={origin} self={email} />}
        <RoleTable />
        {may(role, 'manage-api-tokens') && <ApiTokens tokens={await opened.listApiTokens()} origin={origin} />}
        <MirrorPanel
          builds={catalogue.builds.filter(({ engine }) => engine === 'llama-server').map(({ id }) => id)}
          mayManage={may(role, 'manage-mirror')}
        />
        <RetentionPanel days={days} mayChange={may(role, 'change-retention')} />
        <PolicyPanel rules={catalogue.rules} />
      </div>
    </>
  )
}
