import type { Metadata } from 'next'
import { AddRoom } from '../../../enrol/add-room'
import { newestFirst, tokensPerPage } from '../../../enrol/pages'
import { readPage } from '../../../fleet/filters'
import { may } from '../../../people/permission'
import { requirePerson } from '../../../server/person'
import { type Query, searchParams } from '../../../server/search-params'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Add a device' }

export default async function Add({ searchParams: query }: { searchParams: Promise<Query> }) {
  const { role } = await requirePerson()
  const page = readPage(searchParams(await query).get('page'))
  const opened = await store()
  const tokens = await opened.listEnrolTokens(tokensPerPage + 1, (page - 1) * tokensPerPage)
  const { devices: newest } = await opened.pageOfDevices(newestFirst)
  const names = await opened.namesOf(
    tokens.flatMap(({ usedBy, forDevice }) => [usedBy, forDevice].filter((id) => id !== null)),
  )
  return (
    <AddRoom
      tokens={{ rows: tokens.slice(0, tokensPerPage), page, more: tokens.length > tokensPerPage }}
      names={names}
      newest={newest.map(({ id, name, enrolledMs }) => ({ id, name, enrolledMs }))}
      mayEnrol={may(role, 'create-enrol-token')}
    />
  )
}
