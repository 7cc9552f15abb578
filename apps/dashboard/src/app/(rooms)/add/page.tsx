import type { Metadata } from 'next'
import { AddRoom } from '../../../enrol/add-room'
import { may } from '../../../people/permission'
import { requirePerson } from '../../../server/person'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Add a device' }

export default async function Add() {
  const { role } = await requirePerson()
  const opened = await store()
  const [tokens, devices] = await Promise.all([opened.listEnrolTokens(), opened.listDevices()])
  const enrolled = devices
    .filter(({ revokedMs }) => revokedMs === null)
    .map(({ id, name, enrolledMs }) => ({ id, name, enrolledMs }))
  return <AddRoom tokens={tokens} devices={enrolled} mayEnrol={may(role, 'create-enrol-token')} />
}
