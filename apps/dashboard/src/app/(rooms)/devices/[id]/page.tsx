import { gemma4, spokenLanguages } from '@tradewind/fleet'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { drawnFigures } from '../../../../device/charts'
import { DeviceRoom } from '../../../../device/device-room'
import { readHistory } from '../../../../device/history'
import { predict } from '../../../../device/predict'
import { readRange } from '../../../../device/ranges'
import { requirePerson } from '../../../../server/person'
import { type Query, searchParams } from '../../../../server/search-params'
import { store } from '../../../../server/store'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Query> }

const deviceOf = cache(async (id: string) => (await store()).device(id))

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requirePerson()
  return { title: (await deviceOf((await params).id))?.name ?? 'No such device' }
}

export default async function Device({ params, searchParams: query }: Props) {
  const { role } = await requirePerson()
  const { id } = await params
  const range = readRange(searchParams(await query).get('range'))
  const opened = await store()
  const device = await deviceOf(id)
  const history = await readHistory(opened, id, { range, nowMs: Date.now(), figures: drawnFigures })
  if (!device || !history) notFound()
  return (
    <DeviceRoom
      key={id}
      device={device}
      history={history}
      events={await opened.listEvents(id)}
      role={role}
      predictions={predict(gemma4, device)}
      languages={spokenLanguages(gemma4)}
    />
  )
}
