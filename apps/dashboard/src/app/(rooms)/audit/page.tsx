import { ScrollText } from 'lucide-react'
import type { Metadata } from 'next'
import { AuditList } from '../../../audit/audit-list'
import { readPage } from '../../../fleet/filters'
import { requirePerson } from '../../../server/person'
import { type Query, searchParams } from '../../../server/search-params'
import { store } from '../../../server/store'
import { Pager } from '../../../ui/pager'
import { Empty, PageTitle } from '../../../ui/section'

export const metadata: Metadata = { title: 'Audit' }

const perPage = 100

export default async function Audit({ searchParams: query }: { searchParams: Promise<Query> }) {
  await requirePerson()
  const page = readPage(searchParams(await query).get('page'))
  const opened = await store()
  const read = await opened.listAudit(perPage + 1, (page - 1) * perPage) // one more tells whether another page follows
  const rows = read.slice(0, perPage)
  const names = await opened.namesOf(rows.map(({ target }) => target))
  return (
    <>
      <PageTitle title="Audit" hint="Who changed what, newest first. Entries cannot be changed or removed." />
      {rows.length > 0 ? (
        <AuditList rows={rows} names={names} />
      ) : (
        <Empty icon={<ScrollText />} title={page > 1 ? 'Nothing is that old' : 'Nothing has been changed yet'}>
          <p>Every change by a person, a program or a device is written here in the same moment.</p>
        </Empty>
      )}
      <Pager
        className="mt-4"
        name="entries"
        page={page}
        perPage={perPage}
        shown={rows.length}
        total={null}
        more={read.length > perPage}
        hrefOf={(other) => `/audit?page=${other}`}
      />
    </>
  )
}
