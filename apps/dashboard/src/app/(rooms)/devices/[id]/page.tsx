import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { DeviceRoom } from '../../../../device/device-room'
import { requirePerson } from '../../../../server/person'
import { store } from '../../../../server/store'

type Props = { params: Promise<{ id: string }> }

const deviceOf = cache(async (id: string) => (await store()).device(id))
const hourMs = 3_600_000

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requirePerson()
  return { title: (await deviceOf((await params).id))?.name ?? 'No such device' }
}

export default async function Device({ params }: Props) {
  const { role } = await requirePerson()
  const { id } = await params
  const opened = await store()
  const [device, samples, events] = await Promise.all([
    deviceOf(id),
    opened.samplesOf(id, Date.now() - hourMs),
    opened.listEvents(id),
  ])
  if (!device) notFound()
  return <DeviceRoom key={id} device={device} samples={samples} events={events} role={role} />
}
