import type { ReactNode } from 'react'
import { Frame } from '../../frame/frame'
import { requirePerson } from '../../server/person'

const RoomsLayout = async ({ children }: { children: ReactNode }) => (
  <Frame person={await requirePerson()}>{children}</Frame>
)
export default RoomsLayout
