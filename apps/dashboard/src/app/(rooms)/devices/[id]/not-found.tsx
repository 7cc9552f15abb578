import { SearchX } from 'lucide-react'
import Link from 'next/link'
import { buttonLook } from '../../../../ui/button'
import { Empty } from '../../../../ui/section'

const NoSuchDevice = () => (
  <Empty icon={<SearchX />} title="There is no such device">
    <p>The address may be mistyped. Revoked devices keep their page.</p>
    <Link href="/devices" className={buttonLook()}>
      Show all devices
    </Link>
  </Empty>
)
export default NoSuchDevice
