'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { call } from '../live/call'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Notice } from '../ui/notice'
import { bytes, count } from '../words/format'
import { devicesWords } from '../words/name-placement'
import { type Choice, type Incomplete, type KeptWorkload, type Order, orderOf, planWords } from './choice'
import { stopWords } from './preview-panel'
import type { Preview, Previewing } from './use-preview'

type Props = {
  choice: Choice
  workloads: KeptWorkload[]
  previewing: Previewing
  /** why it cannot be started yet */
  missing: { ok: true } | Incomplete
}
type Came = { href: string } | { says: string }

/** Begins it, once its consequence was read; leads to the rollout that came of it. */
export function Start({ choice, workloads, previewing: { preview, pending, problem }, missing }: Props) {
  const router = useRouter()
  const [came, setCame] = useState<string | null>(null)
  const order = orderOf(choice, workloads)
  const isTied = (preview?.counts.tied ?? 0) > 0
  const isReady = preview !== null && !pending && !problem && missing.ok && order.ok && !isTied
  const isOnlyGiven = choice.mode === 'give' || choice.mode === 'build'
  const nothing = isReady && preview.changes === 0 && isOnlyGiven
  const verb = choice.mode === 'new' ? 'Make and start' : choice.mode === 'change' ? 'Change and start' : 'Start'
  async function run() {
    if (!order.ok) return
    const outcome = await send(order)
    if ('href' in outcome) router.push(outcome.href)
    else setCame(outcome.says)
  }
  return (
    <div className="mt-4 grid gap-3">
      <Confirm
        trigger={
          <Button tone="primary" className="w-full" disabled={!isReady || nothing}>
            {verb}
          </Button>
        }
        title={preview && preview.changes > 0 ? `Change ${devicesWords(preview.changes)}?` : `${verb}?`}
        consequence={preview && <Consequence preview={preview} plan={planWords(choice)} />}
        verb={verb}
        run={run}
      />
      {!missing.ok && <p className="text-[13px] text-muted">{missing.missing}</p>}
      {isTied && !pending && (
        <p className="text-[13px] text-muted">End the tie first: nothing is placed where two count.</p>
      )}
      {nothing && <p className="text-[13px] text-muted">Nothing would change.</p>}
      <div role="status">{came && <Notice tone="neutral" title={came} />}</div>
    </div>
  )
}

const Consequence = ({ preview, plan }: { preview: Preview; plan: string }) => {
  const { changes, counts, stops, downloadBytes, diskBytes } = preview
  const cannot = (counts.refused ?? 0) + (counts.tied ?? 0) + (counts.unresolved ?? 0)
  return (
    <div className="grid gap-2">
      <p>
        {devicesWords(changes)} {changes === 1 ? 'changes' : 'change'}, {count(counts.keep ?? 0)} stay
        {cannot > 0 && `, ${count(cannot)} cannot and ${cannot === 1 ? 'keeps what it has' : 'keep what they have'}`}.
      </p>
      {stops.devices > 0 && (
        <p>
          {devicesWords(stops.devices)} {stops.devices === 1 ? 'stops' : 'stop'} serving while the new build is loaded:{' '}
          {stopWords(stops)}.
        </p>
      )}
      {diskBytes > 0 && (
        <p>
          {bytes(downloadBytes)} come from the source once, {bytes(diskBytes)} go to the devices in total.
        </p>
      )}
      <p>{plan}</p>
    </div>
  )
}

type Assigned = { assigned: object[]; refused: object[]; rollouts: { id: string }[] }

/** Throws `CallFailed`. */
async function send({ method, path, body, workload }: Order): Promise<Came> {
  if (workload === null) {
    const { assigned, refused, rollouts } = await call<Assigned>(method, path, body)
    if (rollouts[0]) return { href: `/rollouts/${rollouts[0].id}` }
    const not =
      refused.length > 0 ? ` ${devicesWords(refused.length)} ${refused.length === 1 ? 'was' : 'were'} refused.` : ''
    return { says: `Assigned to ${devicesWords(assigned.length)}.${not}` }
  }
  const { version } = await call<{ version: number }>(method, path, body)
  const rollout = await rolloutOf(workload, version)
  return { href: rollout ? `/rollouts/${rollout}` : `/workloads?open=${workload}` }
}

const lookEveryMs = 500
const looks = 16

/** The hub makes the rollout of a workload a moment later, and none where nothing changes. */
async function rolloutOf(workload: string, version: number): Promise<string | null> {
  for (let look = 0; look < looks; look++) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    const kept = await call<{ placedVersion: number }>('GET', `/api/v1/workloads/${workload}`)
    const { rollouts } = await call<{ rollouts: { id: string; workloadId: string; workloadVersion: number }[] }>(
      'GET',
      '/api/v1/rollouts?limit=20',
    )
    const made = rollouts.find((one) => one.workloadId === workload && one.workloadVersion === version)
    if (made) return made.id
    if (kept.placedVersion >= version) return null
  }
  return null
}
