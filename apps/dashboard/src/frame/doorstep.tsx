import type { ReactNode } from 'react'
import { Logo } from './logo'

/** Where people stand before they are let in. */
export const Doorstep = ({ title, hint, children }: { title: string; hint: ReactNode; children?: ReactNode }) => (
  <main className="grid min-h-dvh place-items-center px-4 py-10">
    <div className="w-full max-w-sm">
      <Logo className="mb-6 size-10" />
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      <div className="mb-6 mt-1.5 text-muted">{hint}</div>
      {children}
    </div>
  </main>
)
