import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { AddRoom } from '../../../enrol/add-room'
import { newestFirst, tokensPerPage } from '../../../enrol/pages'
import { readPage, waitingPerPage } from '../../../fleet/filters'
import { requirePerson } from '../../../server/person'
import { type Query, searchParams } from '../../../server/search-params'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Add a device' }

export default async function Add({ searchParams: query }: { searchParams: Promise<Query> }) {
  const { role } = await requirePerson()
  const asked = searchParams(await query)
  const page = readPage(asked.get('page'))
  const waitingPage = readPage(asked.get('waiting'))
  const opened = await store()
  const [tokens, { devices: newest }, waiting, hub] = await Promise.all([
    opened.listEnrolTokens(tokensPerPage + 1, (page - 1) * tokensPerPage),
    opened.pageOfDevices(newestFirst),
    opened.pageOfParked({ refused: false, offset: (waitingPage - 1) * waitingPerPage, limit: waitingPerPage }),
    opened.hubInfo(),
  ])
  const names = await opened.namesOf(
    tokens.flatMap(({ usedBy, forDevice }) => [usedBy, forDevice].filter((id) => id !== null)),
  )
  const from = await headers()
  return (
    <AddRoom
      tokens={{ rows: tokens.slice(0, tokensPerPage), page, more: tokens.length > tokensPerPage }}
      names={names}
      newest={newest.map(({ id, name, enrolledMs }) => ({ id, name, enrolledMs }))}
      waiting={waiting}
      waitingPage={waitingPage}
      hub={hub?.urls[0] ?? null}
      origin={`${from.get('x-forwarded-proto') ?? 'http'}://${from.get('host')}`}
      role={role}
    />
  )
}
