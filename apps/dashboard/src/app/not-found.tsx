import Link from 'next/link'
import { Logo } from '../frame/logo'
import { buttonLook } from '../ui/button'

const NotFound = () => (
  <main className="grid min-h-dvh place-content-center justify-items-center gap-4 px-6 text-center">
    <Logo className="size-10" />
    <h1 className="text-xl font-semibold tracking-tight">There is no such page</h1>
    <p className="text-muted">The address may be mistyped, or what it showed is gone.</p>
    <Link href="/devices" className={buttonLook({ tone: 'primary' })}>
      Go to devices
    </Link>
  </main>
)
export default NotFound
