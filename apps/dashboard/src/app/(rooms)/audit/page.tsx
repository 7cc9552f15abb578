import { Download, ScrollText, SearchX } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { exportPath, isNarrowed, queryOf, readFilter, writeFilter } from '../../../audit/audit-filter'
import { AuditFilterBar } from '../../../audit/audit-filter-bar'
import { AuditList } from '../../../audit/audit-list'
import { readPage } from '../../../fleet/filters'
import { requirePerson } from '../../../server/person'
import { type Query, searchParams } from '../../../server/search-params'
import { store } from '../../../server/store'
import { buttonLook } from '../../../ui/button'
import { Pager } from '../../../ui/pager'
import { Empty, PageTitle } from '../../../ui/section'

export const metadata: Metadata = { title: 'Audit' }

const perPage = 100

export default async function Audit({ searchParams: query }: { searchParams: Promise<Query> }) {
  await requirePerson()
  const asked = searchParams(await query)
  const page = readPage(asked.get('page'))
  const filter = readFilter(asked)
  const nowMs = Date.now()
  const opened = await store()
  const [read, choices] = await Promise.all([
    opened.listAudit(perPage + 1, (page - 1) * perPage, queryOf(filter, nowMs)), // one more tells whether another page follows
    opened.auditChoices(),
  ])
  const rows = read.slice(0, perPage)
  const names = await opened.namesOf([...rows.map(({ target }) => target), ...(filter.on ? [filter.on] : [])])
  const onName = names.get(filter.on)
  return (
    <>
      <PageTitle title="Audit" hint="Who changed what, newest first. Entries cannot be changed or removed.">
        <a href={exportPath(filter, nowMs)} download className={buttonLook({})}>
          <Download aria-hidden />
          Export as CSV
        </a>
      </PageTitle>
      <AuditFilterBar
        key={writeFilter(filter)}
        filter={filter}
        {...choices}
        onName={onName === undefined ? filter.on : `${onName} (${filter.on})`}
      />
      {rows.length > 0 ? (
        <AuditList rows={rows} names={names} />
      ) : (
        <Nothing isNarrowed={isNarrowed(filter)} isPast={page > 1} />
      )}
      <Pager
        className="mt-4"
        name="entries"
        page={page}
        perPage={perPage}
        shown={rows.length}
        total={null}
        more={read.length > perPage}
        hrefOf={(other) => `/audit${writeFilter(filter, other)}`}
      />
    </>
  )
}

const Nothing = ({ isNarrowed, isPast }: { isNarrowed: boolean; isPast: boolean }) =>
  isNarrowed ? (
    <Empty icon={<SearchX />} title="No entry is like that">
      <Link href="/audit" className="text-accent underline underline-offset-2">
        Show all entries
      </Link>
    </Empty>
  ) : (
    <Empty icon={<ScrollText />} title={isPast ? 'Nothing is that old' : 'Nothing has been changed yet'}>
      <p>Every change by a person, a program or a device is written here in the same moment.</p>
    </Empty>
  )
