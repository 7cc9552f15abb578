import { matrixOf } from '@tradewind/fleet'
import type { Metadata } from 'next'
import { ModelsRoom } from '../../../models/models-room'
import { requirePerson } from '../../../server/person'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Models' }

export default async function Models() {
  await requirePerson()
  return <ModelsRoom matrix={matrixOf(await (await store()).catalogue())} />
}
