'use client'

import type { ProposalRow } from '@tradewind/store'
import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import type { Panel } from '../decision/panel'
import { type AssignedReply, orFail } from '../live/assigned'
import { call } from '../live/call'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Panel as Box, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { bytes, percent } from '../words/format'
import { pauseWords } from '../words/pause'

type Props = {
  proposal: ProposalRow
  panel: Panel | null
  /** how long the engine took to load, when it was measured last */
  loadMs: number | undefined
  mayAssign: boolean
  decided: () => void
}

/** What placement would give the device instead, for a person to accept or dismiss. */
export function ProposalNotice({ proposal, panel, loadMs, mayAssign, decided }: Props) {
  const { deviceId, deviceName, build, instead, gain, atMs, workloadId } = proposal
  const row = panel?.candidates.find((one) => one.build === build)
  const fetches =
    row && row.fetchBytes > 0 ? `It fetches ${bytes(row.fetchBytes)} first, and serves on meanwhile. ` : ''
  const isSame = build === instead
  return (
    <Section title="Proposed">
      <Box className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-accent/40 bg-accent-soft/40 px-5 py-4">
        <div className="min-w-0 [overflow-wrap:anywhere]">
          <p className="flex flex-wrap items-center gap-x-2 font-medium">
            {isSame ? (
              <>
                <code className="font-mono text-[13px]">{build}</code> as {workloadId} asks for it now
              </>
            ) : (
              <>
                <code className="font-mono text-[13px]">{instead}</code>
                <ArrowRight className="size-4" aria-label="becomes" />
                <code className="font-mono text-[13px]">{build}</code>
              </>
            )}
          </p>
          <p className="text-[13px] text-muted">
            {whyWords(gain, isSame)} For the workload{' '}
            <Link href="/workloads" className="text-accent underline underline-offset-2">
              {workloadId}
            </Link>
            , <Ago atMs={atMs} />.
          </p>
        </div>
        {mayAssign && (
          <div className="flex gap-2">
            <Confirm
              trigger={<Button>Dismiss</Button>}
              title={`Leave ${deviceName} as it is?`}
              consequence={<p>It keeps {instead}. The same is not proposed for it again.</p>}
              verb="Dismiss"
              run={() => call('POST', '/api/v1/proposals/dismiss', { devices: [deviceId] })}
              done={decided}
            />
            <Confirm
              trigger={<Button tone="primary">Accept</Button>}
              title={`Give ${deviceName} ${build}?`}
              consequence={
                <p>
                  1 device changes. {fetches}Then {pauseWords(1, loadMs)} When its test fails it goes back by itself.
                </p>
              }
              verb="Accept"
              run={async () =>
                orFail(await call<AssignedReply>('POST', '/api/v1/proposals/accept', { devices: [deviceId] }))
              }
              done={decided}
            />
          </div>
        )}
      </Box>
    </Section>
  )
}

function whyWords(gain: number | null, isSame: boolean): string {
  if (isSame) return 'It is held for another context, or for another workload.'
  return gain === null ? 'What it has may not stay.' : `A gain of ${percent(gain)}.`
}
