'use client'

import type { TokenRow } from '@tradewind/store'
import { Ban, Check, Clock, KeyRound } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { call } from '../live/call'
import { Badge, type BadgeTone } from '../ui/badge'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Pager } from '../ui/pager'
import { Panel, Section } from '../ui/section'
import { Ago, Until } from '../ui/time'
import { explainActor } from '../words/explain-audit'
import { tokenNames } from '../words/name-state'
import { type TokenPage, tokensPerPage } from './pages'

type Props = { tokens: TokenPage; names: Map<string, string>; mayRevoke: boolean; changed: () => void }

export const TokenList = ({ tokens: { rows, page, more }, names, mayRevoke, changed }: Props) => (
  <Section title="Tokens" hint="Only a hash of each is kept, so none can be shown again.">
    <Panel>
      {rows.length === 0 ? (
        <p className="px-5 py-8 text-center text-muted">
          {page > 1 ? 'There are no tokens that old.' : 'No token has been made yet.'}
        </p>
      ) : (
        <ul className="divide-y">
          {rows.map((token) => (
            <li
              key={token.id}
              className="grid min-h-14 items-center gap-x-6 gap-y-1.5 px-5 py-3 sm:grid-cols-[minmax(0,1fr)_6.5rem_minmax(0,14rem)_5rem]"
            >
              <div className="min-w-0">
                <p className="truncate font-medium" title={token.note}>
                  {token.note || <span className="font-normal text-muted">No note</span>}
                </p>
                <p className="truncate text-[13px] text-muted">
                  Made <Ago atMs={token.createdMs} /> by {explainActor(token.createdBy).name}
                </p>
              </div>
              <div>
                <Badge {...looks[token.state]}>{tokenNames[token.state]}</Badge>
              </div>
              <p className="text-[13px] text-muted [overflow-wrap:anywhere]">
                <Fate token={token} names={names} />
              </p>
              <div className="sm:justify-self-end">
                {mayRevoke && token.state === 'open' && <RevokeToken token={token} changed={changed} />}
              </div>
            </li>
          ))}
        </ul>
      )}
      <Pager
        className="border-t px-5 py-2.5"
        name="tokens"
        page={page}
        perPage={tokensPerPage}
        shown={rows.length}
        total={null}
        more={more}
        hrefOf={(other) => `/add?page=${other}`}
      />
    </Panel>
  </Section>
)

const looks: Record<TokenRow['state'], { tone: BadgeTone; icon: ReactNode }> = {
  open: { tone: 'good', icon: <KeyRound aria-hidden /> },
  used: { tone: 'neutral', icon: <Check aria-hidden /> },
  expired: { tone: 'neutral', icon: <Clock aria-hidden /> },
  revoked: { tone: 'neutral', icon: <Ban aria-hidden /> },
}

function Fate({ token, names }: { token: TokenRow; names: Props['names'] }) {
  if (token.usedBy) return <>Used by {<DeviceLink id={token.usedBy} names={names} />}</>
  if (token.state === 'expired')
    return (
      <>
        Expired <Ago atMs={token.expiresMs} />
      </>
    )
  if (token.state === 'revoked') return null
  return (
    <>
      Expires <Until atMs={token.expiresMs} />
      {token.forDevice && <>, replaces the key of {<DeviceLink id={token.forDevice} names={names} />}</>}
    </>
  )
}

const DeviceLink = ({ id, names }: { id: string; names: Props['names'] }) => (
  <Link href={`/devices/${id}`} prefetch={false} className="text-accent underline underline-offset-2">
    {names.get(id) ?? id}
  </Link>
)

const RevokeToken = ({ token, changed }: { token: TokenRow; changed: () => void }) => (
  <Confirm
    trigger={<Button size="small">Revoke</Button>}
    title="Revoke this token?"
    consequence={<p>{token.note || 'The token'} can no longer let a device in. Devices that are in stay in.</p>}
    verb="Revoke"
    danger
    run={() => call('DELETE', `/api/v1/enrol-tokens/${token.id}`)}
    done={changed}
  />
)
