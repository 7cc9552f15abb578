import type { Metadata } from 'next'
import { FleetRoom } from '../../../fleet/fleet-room'
import type { Latest } from '../../../fleet/latest-figures'
import { requirePerson } from '../../../server/person'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Devices' }

const minuteMs = 60_000

export default async function Devices() {
  const { role } = await requirePerson()
  const opened = await store()
  const [devices, parked] = await Promise.all([opened.listDevices(), opened.listParked()])
  // Devices send once a minute. A larger fleet has so many samples that a longer look back would take seconds.
  const samples = await opened.latestSamples(Date.now() - (devices.length > 500 ? 2 : 15) * minuteMs)
  const latest = [...samples].map(([id, { atMs, cpuBusy, temperatureC }]): [string, Latest] => [
    id,
    { atMs, cpuBusy, temperatureC },
  ])
  return <FleetRoom devices={devices} latest={latest} parked={parked} role={role} />
}
