import Link from 'next/link'
import { Notice } from '../../../../ui/notice'

const NoSuchRollout = () => (
  <Notice tone="neutral" title="There is no such rollout">
    Its address may be mistyped, or the hub was restored from a backup.{' '}
    <Link href="/rollouts" className="text-accent underline underline-offset-2">
      All rollouts
    </Link>
  </Notice>
)
export default NoSuchRollout
