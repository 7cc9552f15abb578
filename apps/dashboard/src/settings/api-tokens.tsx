'use client'

import type { ApiTokenRow } from '@tradewind/store'
import { useState } from 'react'
import { useRefresh } from '../fleet/use-fleet'
import { call } from '../live/call'
import type { Deed } from '../people/permission'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Command } from '../ui/copy'
import { Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { explainActor } from '../words/explain-audit'
import { deedNames, roleNames } from '../words/name-deed'
import { ApiTokenForm, type MadeApiToken } from './api-token-form'

type Props = { tokens: ApiTokenRow[]; origin: string }

export function ApiTokens({ tokens, origin }: Props) {
  const refresh = useRefresh(0)
  const [made, setMade] = useState<MadeApiToken | null>(null)
  const show = (token: MadeApiToken) => {
    setMade(token)
    refresh()
  }
  return (
    <Section
      title="API tokens"
      hint="For the command line and for programs. Each has a role of its own, or only some deeds of it."
    >
      <Panel>
        <div className="border-b p-5">
          {made ? <Made token={made} origin={origin} done={() => setMade(null)} /> : <ApiTokenForm made={show} />}
        </div>
        {tokens.length === 0 ? (
          <p className="px-5 py-8 text-center text-muted">No API token has been made yet.</p>
        ) : (
          <ul className="divide-y">
            {tokens.map((token) => (
              <TokenItem key={token.id} token={token} changed={refresh} />
            ))}
          </ul>
        )}
      </Panel>
    </Section>
  )
}

type MadeProps = { token: MadeApiToken; origin: string; done: () => void }

const Made = ({ token, origin, done }: MadeProps) => (
  <div className="grid gap-4">
    <p>
      <span className="font-medium">{token.name} is ready.</span>{' '}
      <span className="text-muted">Its secret is shown this once. To sign in with the command line:</span>
    </p>
    <Command text={`tradewind login --url ${origin} --token ${token.secret}`} />
    <Button className="justify-self-start" onClick={done}>
      Done
    </Button>
  </div>
)

const TokenItem = ({ token, changed }: { token: ApiTokenRow; changed: () => void }) => (
  <li className="flex min-h-14 flex-wrap items-center gap-x-6 gap-y-2 px-5 py-3">
    <div className="min-w-0 flex-1 basis-56">
      <p className="flex items-center gap-2">
        <span className="truncate font-medium">{token.name}</span>
        <Badge tone="neutral">{roleNames[token.role]}</Badge>
        {token.deeds && (
          <Badge tone="neutral" title={token.deeds.map((deed) => deedNames[deed as Deed] ?? deed).join(', ')}>
            only {token.deeds.length === 1 ? '1 deed' : `${token.deeds.length} deeds`}
          </Badge>
        )}
      </p>
      <p className="truncate text-[13px] text-muted">
        Made <Ago atMs={token.createdMs} /> by {explainActor(token.createdBy).name} ·{' '}
        {token.lastUsedMs === null ? (
          'never used'
        ) : (
          <>
            used <Ago atMs={token.lastUsedMs} />
          </>
        )}
      </p>
    </div>
    {token.revokedMs === null ? (
      <Confirm
        trigger={<Button size="small">Revoke</Button>}
        title={`Revoke ${token.name}?`}
        consequence={<p>What uses it is refused from the next request on. This cannot be undone.</p>}
        verb="Revoke"
        danger
        run={() => call('DELETE', `/api/v1/api-tokens/${token.id}`)}
        done={changed}
      />
    ) : (
      <span className="text-[13px] text-muted">
        Revoked <Ago atMs={token.revokedMs} />
      </span>
    )}
  </li>
)
