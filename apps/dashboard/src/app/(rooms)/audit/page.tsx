import { ScrollText } from 'lucide-react'
import type { Metadata } from 'next'
import { AuditList } from '../../../audit/audit-list'
import { requirePerson } from '../../../server/person'
import { store } from '../../../server/store'
import { Empty, PageTitle } from '../../../ui/section'

export const metadata: Metadata = { title: 'Audit' }

export default async function Audit() {
  await requirePerson()
  const opened = await store()
  const [rows, devices] = await Promise.all([opened.listAudit(), opened.listDevices()])
  const names = new Map(devices.map(({ id, name }) => [id, name]))
  return (
    <>
      <PageTitle title="Audit" hint="Who changed what, newest first. Entries cannot be changed or removed." />
      {rows.length > 0 ? (
        <AuditList rows={rows} names={names} />
      ) : (
        <Empty icon={<ScrollText />} title="Nothing has been changed yet">
          <p>Every change by a person, a program or a device is written here in the same moment.</p>
        </Empty>
      )}
    </>
  )
}
