import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { problemQueryOf, problemsPerPage, readProblemFilters, writeProblemFilters } from '../../../problems/filters'
import { ProblemsRoom } from '../../../problems/problems-room'
import { readFleetProblems } from '../../../server/attention'
import { requirePerson } from '../../../server/person'
import { type Query, searchParams } from '../../../server/search-params'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Problems' }

export default async function Problems({ searchParams: query }: { searchParams: Promise<Query> }) {
  const { role } = await requirePerson()
  const filters = readProblemFilters(searchParams(await query))
  const opened = await store()
  const found = await opened.pageOfProblems(problemQueryOf(filters, Date.now()))
  const last = Math.ceil(found.total / problemsPerPage) || 1
  if (last < filters.page) redirect(`/problems${writeProblemFilters({ ...filters, page: last })}`)
  const names = filters.device ? await opened.namesOf([filters.device]) : null
  return (
    <ProblemsRoom
      page={found}
      fleet={await readFleetProblems(opened)}
      filters={filters}
      deviceName={names?.get(filters.device ?? '') ?? null}
      role={role}
    />
  )
}
