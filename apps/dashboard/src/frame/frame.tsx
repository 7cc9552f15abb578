import type { Waiting } from '@tradewind/store'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { Asker } from '../server/person'
import { BottomBar } from './bottom-bar'
import { StaleNotice } from './live-state'
import { Logo } from './logo'
import { Rail } from './rail'
import type { RailWidth } from './rail-cookie'
import { RailWidthButton } from './rail-width'
import { FindButton, FindSign, Shortcuts } from './shortcuts'
import { SignOut } from './sign-out'
import { ThemeChoice } from './theme'
import { WaitingProvider } from './waiting'

type Props = { person: Asker; waiting: Waiting; railWidth: RailWidth; children: ReactNode }

/** The rail, the person at its foot, and the room. On phones the rail is a bar at the bottom. */
export const Frame = ({ person, waiting, railWidth, children }: Props) => (
  <WaitingProvider known={waiting}>
    <Shortcuts role={person.role}>
      <div data-rail={railWidth} className="min-h-dvh sm:pl-16 wide:pl-56">
        <a
          href="#room"
          className="sr-only z-50 rounded-md bg-accent px-4 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:left-4 focus:top-3"
        >
          Skip to the page
        </a>
        <aside className="fixed inset-y-0 left-0 z-30 flex w-16 flex-col gap-4 overflow-y-auto border-r bg-surface px-3 py-4 max-sm:hidden wide:w-56">
          <Link
            href="/"
            className="flex items-center justify-center gap-2.5 px-1.5 wide:justify-start"
            title="Tradewind"
          >
            <Logo className="size-7" />
            <span className="sr-only text-[15px] font-semibold tracking-tight wide:not-sr-only">Tradewind</span>
          </Link>
          <FindButton />
          <nav aria-label="Rooms">
            <Rail role={person.role} />
          </nav>
          <div className="mt-auto grid justify-items-center gap-3 wide:justify-items-stretch">
            <div className="flex items-center justify-between gap-2">
              <div className="hidden wide:block">
                <ThemeChoice />
              </div>
              <RailWidthButton known={railWidth} />
            </div>
            <div className="flex w-full items-center justify-center gap-2 border-t pt-3 wide:justify-between">
              <Person person={person} className="hidden px-1.5 wide:block" />
              <SignOut />
            </div>
          </div>
        </aside>
        <header className="sticky top-0 z-20 flex h-14 items-center justify-between border-b bg-surface pl-4 pr-2 sm:hidden">
          <Link href="/" className="flex items-center gap-2.5 font-semibold tracking-tight">
            <Logo className="size-6" />
            Tradewind
          </Link>
          <FindSign />
        </header>
        <main
          id="room"
          tabIndex={-1}
          className="mx-auto max-w-[1440px] px-4 py-6 pb-24 outline-none sm:px-6 sm:pb-12 lg:px-8"
        >
          {children}
        </main>
        <StaleNotice />
        <nav
          aria-label="Rooms"
          className="fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
        >
          <BottomBar role={person.role} foot={<PhoneFoot person={person} />} />
        </nav>
      </div>
    </Shortcuts>
  </WaitingProvider>
)

const Person = ({ person, className }: { person: Asker; className?: string }) => (
  <div className={`min-w-0 ${className}`}>
    <p className="truncate font-medium" title={person.email ?? undefined}>
      {person.name}
    </p>
    <p className="text-xs text-muted">{person.role}</p>
  </div>
)

const PhoneFoot = ({ person }: { person: Asker }) => (
  <div className="grid gap-4">
    <div className="flex items-center justify-between gap-4 border-t pt-4">
      <Person person={person} className="px-1" />
      <ThemeChoice />
      <SignOut />
    </div>
  </div>
)
