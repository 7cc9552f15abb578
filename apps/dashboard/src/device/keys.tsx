'use client'

import type { DeviceDetail } from '@tradewind/store'
import { KeyRound } from 'lucide-react'
import { Badge } from '../ui/badge'
import { Panel, Section } from '../ui/section'
import { Exactly } from '../ui/time'

export const Keys = ({ keys }: { keys: DeviceDetail['keys'] }) => (
  <Section title="Keys" hint="The device proves who it is with its key. The private half never leaves it.">
    <Panel>
      <ul className="divide-y">
        {keys.map(({ fingerprint, createdMs, replacedMs }) => (
          <li key={fingerprint} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3">
            <KeyRound className="size-4 shrink-0 text-faint" aria-hidden />
            <code className="font-mono text-[13px]">{fingerprint}</code>
            <Badge tone="neutral">{replacedMs === null ? 'Current' : 'Replaced'}</Badge>
            <span className="ml-auto text-[13px] text-muted">
              {replacedMs === null ? 'since ' : 'until '}
              <Exactly atMs={replacedMs ?? createdMs} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  </Section>
)
