import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Doorstep } from '../../frame/doorstep'
import { SetupForm } from '../../people/setup-form'
import { store } from '../../server/store'
import { Command } from '../../ui/copy'

export const metadata: Metadata = { title: 'First account' }

type Props = { searchParams: Promise<{ code?: string | string[] }> }

export default async function Setup({ searchParams }: Props) {
  const { code } = await searchParams
  const opened = await store()
  if (await opened.hasAdmin()) redirect('/login')
  if (typeof code === 'string' && (await opened.isSetupCode(code)))
    return (
      <Doorstep title="Create the first account" hint="It is the admin of this hub. The link works once.">
        <SetupForm code={code} />
      </Doorstep>
    )
  return <NoCode wrong={code !== undefined} />
}

const NoCode = ({ wrong }: { wrong: boolean }) => (
  <Doorstep
    title={wrong ? 'This link is no longer good' : 'Nobody has an account here yet'}
    hint={
      <>
        Look at the terminal where Tradewind runs: it shows a link that ends in{' '}
        <code className="font-mono text-[13px]">/setup?code=…</code>. Open the newest one. If you cannot find it, start
        Tradewind again:
      </>
    }
  >
    <Command text="npm start" />
  </Doorstep>
)
