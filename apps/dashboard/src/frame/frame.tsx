import Link from 'next/link'
import type { ReactNode } from 'react'
import type { Asker } from '../server/person'
import { Logo } from './logo'
import { BottomBar, Rail } from './rail'
import { SignOut } from './sign-out'
import { ThemeChoice } from './theme'

/** The rail, the person at its foot, and the room. On phones the rail is a bar at the bottom. */
export const Frame = ({ person, children }: { person: Asker; children: ReactNode }) => (
  <div className="min-h-dvh sm:pl-16 xl:pl-56">
    <a
      href="#room"
      className="sr-only z-50 rounded-md bg-accent px-4 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:left-4 focus:top-3"
    >
      Skip to the page
    </a>
    <aside className="fixed inset-y-0 left-0 z-30 flex w-16 flex-col border-r bg-surface px-3 py-4 max-sm:hidden xl:w-56">
      <Link href="/devices" className="mb-6 flex items-center gap-2.5 px-1.5 max-xl:justify-center" title="Tradewind">
        <Logo className="size-7" />
        <span className="text-[15px] font-semibold tracking-tight max-xl:sr-only">Tradewind</span>
      </Link>
      <nav aria-label="Rooms">
        <Rail />
      </nav>
      <div className="mt-auto grid gap-3 max-xl:justify-items-center">
        <div className="max-xl:hidden">
          <ThemeChoice />
        </div>
        <div className="flex items-center justify-between gap-2 border-t pt-3 max-xl:w-full max-xl:justify-center">
          <div className="min-w-0 px-1.5 max-xl:hidden">
            <p className="truncate font-medium" title={person.email ?? undefined}>
              {person.name}
            </p>
            <p className="text-xs text-muted">{person.role}</p>
          </div>
          <SignOut />
        </div>
      </div>
    </aside>
    <header className="sticky top-0 z-20 flex h-14 items-center justify-between border-b bg-surface pl-4 pr-2 sm:hidden">
      <Link href="/devices" className="flex items-center gap-2.5 font-semibold tracking-tight">
        <Logo className="size-6" />
        Tradewind
      </Link>
      <SignOut />
    </header>
    <main
      id="room"
      tabIndex={-1}
      className="mx-auto max-w-[1440px] px-4 py-6 pb-24 outline-none sm:px-6 sm:pb-12 lg:px-8"
    >
      {children}
    </main>
    <nav
      aria-label="Rooms"
      className="fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      <BottomBar />
    </nav>
  </div>
)
