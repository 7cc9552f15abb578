'use client'

import type { ProposalRow, Role } from '@tradewind/store'
import { ArrowRight, ListChecks } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useMemo, useState } from 'react'
import { useRefresh } from '../fleet/use-fleet'
import { call } from '../live/call'
import { LivePill } from '../live/live-pill'
import { useLive } from '../live/use-live'
import { may } from '../people/permission'
import type { UnplacedShown } from '../server/unplaced'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Notice } from '../ui/notice'
import { Empty, PageTitle, Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { count, percent } from '../words/format'
import { devicesWords } from '../words/name-placement'
import { groupProposals, type ProposalGroup } from './group-proposals'

type Props = { proposals: ProposalRow[]; unplaced: UnplacedShown[]; role: Role }

/** What placement would change and may not by itself, and where it found nothing. */
export function ProposalsRoom({ proposals, unplaced, role }: Props) {
  const refresh = useRefresh(1_000)
  const connection = useLive({ proposals: refresh, rollout: refresh, fleet: refresh, back: refresh })
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const groups = useMemo(() => groupProposals(proposals), [proposals])
  const chosen = proposals.filter(({ deviceId }) => picked.has(deviceId))
  const mayAssign = may(role, 'assign')
  const pick = (ids: string[], on: boolean) =>
    setPicked((before) => {
      const next = new Set(before)
      for (const id of ids) on ? next.add(id) : next.delete(id)
      return next
    })
  return (
    <>
      <PageTitle
        title="Proposals"
        hint="What would be better for devices that serve already. Nothing of it happens before a person says so."
      >
        <LivePill connection={connection} />
      </PageTitle>
      {proposals.length === 0 ? (
        <Empty icon={<ListChecks />} title="Nothing is proposed">
          <p>
            Each device has what is right for it, or is told by a rollout. News of a device, a measurement or the
            catalogue bring proposals.
          </p>
        </Empty>
      ) : (
        <div className="grid gap-6">
          {mayAssign && <Decide chosen={chosen} all={proposals} pick={pick} done={refresh} />}
          {groups.map((group) => (
            <Group key={group.key} group={group} picked={picked} pick={mayAssign ? pick : null} />
          ))}
        </div>
      )}
      {unplaced.length > 0 && <Unplaced unplaced={unplaced} />}
    </>
  )
}

type Pick = (ids: string[], on: boolean) => void
type DecideProps = { chosen: ProposalRow[]; all: ProposalRow[]; pick: Pick; done: () => void }
type Accepted = {
  assigned: object[]
  refused: { deviceId: string; says?: string; code: string }[]
  rollouts: { id: string }[]
}

/** One is done at once; many go as a rollout unless a person wants otherwise. */
function Decide({ chosen, all, pick, done }: DecideProps) {
  const router = useRouter()
  const [isAtOnce, setAtOnce] = useState<boolean | null>(null)
  const [came, setCame] = useState<string | null>(null)
  const atOnce = isAtOnce ?? chosen.length === 1
  const ids = chosen.map(({ deviceId }) => deviceId)
  const workloads = new Set(chosen.map(({ workloadId }) => workloadId)).size
  async function accept() {
    const body = { devices: ids, plan: atOnce ? null : {} }
    const { assigned, refused, rollouts } = await call<Accepted>('POST', '/api/v1/proposals/accept', body)
    pick(ids, false)
    if (rollouts[0]) return router.push(rollouts.length === 1 ? `/rollouts/${rollouts[0].id}` : '/rollouts')
    const not =
      refused.length === 0 ? '' : ` ${devicesWords(refused.length)} refused: ${refused[0]?.says ?? refused[0]?.code}.`
    setCame(`${devicesWords(assigned.length)} told.${not}`)
  }
  return (
    <div className="grid gap-3">
      <Panel className="flex flex-wrap items-center gap-x-5 gap-y-3 px-5 py-3">
        <label className="inline-flex min-h-11 items-center gap-2.5 sm:min-h-9">
          <input
            type="checkbox"
            checked={chosen.length === all.length}
            ref={(box) => {
              if (box) box.indeterminate = chosen.length > 0 && chosen.length < all.length
            }}
            onChange={(event) =>
              pick(
                all.map(({ deviceId }) => deviceId),
                event.target.checked,
              )
            }
          />
          <span className="tabular">
            {chosen.length === 0
              ? `Choose all ${count(all.length)}`
              : `${count(chosen.length)} of ${count(all.length)} chosen`}
          </span>
        </label>
        <label className="inline-flex min-h-11 items-center gap-2.5 text-muted sm:min-h-9">
          <input type="checkbox" checked={!atOnce} onChange={(event) => setAtOnce(!event.target.checked)} />
          In waves, as a rollout
        </label>
        <div className="ml-auto flex gap-2">
          <Confirm
            trigger={<Button disabled={chosen.length === 0}>Dismiss</Button>}
            title={`Dismiss ${proposalsWords(chosen.length)}?`}
            consequence={<p>{devicesWords(chosen.length)} stay as they are. The same is not proposed to them again.</p>}
            verb="Dismiss"
            run={() => call('POST', '/api/v1/proposals/dismiss', { devices: ids }).then(() => pick(ids, false))}
            done={done}
          />
          <Confirm
            trigger={
              <Button tone="primary" disabled={chosen.length === 0}>
                Accept
              </Button>
            }
            title={`Accept ${proposalsWords(chosen.length)}?`}
            consequence={
              <p>
                {devicesWords(chosen.length)} {chosen.length === 1 ? 'changes' : 'change'}
                {atOnce
                  ? ', and all are told at once.'
                  : ` in waves of 1, 10 %, 50 % and 100 %, a quarter at the same time${workloads > 1 ? `, one rollout for each of ${workloads} workloads` : ''}.`}{' '}
                Each stops serving while its new build is loaded, and goes back by itself if that fails its test.
              </p>
            }
            verb="Accept"
            run={accept}
            done={done}
          />
        </div>
      </Panel>
      <div role="status">{came && <Notice tone="neutral" title={came} />}</div>
    </div>
  )
}

const proposalsWords = (proposals: number) => `${count(proposals)} ${proposals === 1 ? 'proposal' : 'proposals'}`
const shownAtFirst = 20

function Group({ group, picked, pick }: { group: ProposalGroup; picked: ReadonlySet<string>; pick: Pick | null }) {
  const [isWhole, setWhole] = useState(false)
  const { workloadId, build, instead, rows } = group
  const ids = rows.map(({ deviceId }) => deviceId)
  const on = ids.filter((id) => picked.has(id)).length
  return (
    <section aria-label={`${build} instead of ${instead}, for ${workloadId}`}>
      <Panel>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-5 py-3">
          {pick && (
            <input
              type="checkbox"
              aria-label={`All of this change, ${devicesWords(rows.length)}`}
              checked={on === ids.length}
              ref={(box) => {
                if (box) box.indeterminate = on > 0 && on < ids.length
              }}
              onChange={(event) => pick(ids, event.target.checked)}
            />
          )}
          <h2 className="flex min-w-0 flex-wrap items-center gap-1.5">
            <code className="font-mono text-[13px] [overflow-wrap:anywhere]">{instead}</code>
            <ArrowRight className="size-3.5 shrink-0 text-faint" aria-label="to" />
            <code className="font-mono text-[13px] font-semibold [overflow-wrap:anywhere]">{build}</code>
          </h2>
          <span className="tabular text-muted">{devicesWords(rows.length)}</span>
          <span className="ml-auto text-[13px] text-muted">
            for{' '}
            <Link href={`/workloads?open=${workloadId}`} className="text-accent underline underline-offset-2">
              {workloadId}
            </Link>
          </span>
          <p className="w-full text-[13px]">{whyWords(group)}</p>
        </div>
        <ul className="divide-y">
          {(isWhole ? rows : rows.slice(0, shownAtFirst)).map(({ deviceId, deviceName, gain, atMs }) => (
            <li key={deviceId} className="flex min-h-12 items-center gap-4 px-5 py-2">
              {pick && (
                <input
                  type="checkbox"
                  aria-label={deviceName}
                  checked={picked.has(deviceId)}
                  onChange={(event) => pick([deviceId], event.target.checked)}
                />
              )}
              <Link
                href={`/devices/${deviceId}`}
                prefetch={false}
                className="min-w-0 flex-1 truncate font-medium"
                title={deviceName}
              >
                {deviceName}
              </Link>
              <span className="tabular text-[13px]" title="How much higher its score is than that of what it has.">
                {gain === null ? '' : `${percent(gain)} better`}
              </span>
              <Ago atMs={atMs} className="tabular w-24 text-right text-[13px] text-muted" />
            </li>
          ))}
        </ul>
        {rows.length > shownAtFirst && !isWhole && (
          <div className="border-t px-5 py-2.5">
            <Button size="small" onClick={() => setWhole(true)}>
              Show all {count(rows.length)}
            </Button>
          </div>
        )}
      </Panel>
    </section>
  )
}

function whyWords({ build, instead, gain, mustGo, workloadId, rows }: ProposalGroup): string {
  if (build === instead) return `The same build, held as ${workloadId} asks for.`
  const must =
    mustGo === 0
      ? ''
      : `${mustGo === rows.length ? 'What serves' : `On ${devicesWords(mustGo)} what serves`} is not what the workload and its policy want any more. `
  if (!gain) return must.trim()
  const span = gain.least === gain.most ? percent(gain.most) : `${percent(gain.least)} to ${percent(gain.most)}`
  return `${must}Its score is ${span} better.`
}

const mostUnplaced = 100

const Unplaced = ({ unplaced }: { unplaced: UnplacedShown[] }) => (
  <Section
    title="Devices that nothing can be placed on"
    hint="They keep what they have. Each says what would make it possible."
    className="mt-10"
  >
    <Panel>
      <ul className="divide-y">
        {unplaced.slice(0, mostUnplaced).map((one) => (
          <li
            key={one.deviceId}
            className="grid gap-x-5 gap-y-1.5 px-5 py-3 sm:grid-cols-[minmax(0,13rem)_8.5rem_minmax(0,1fr)_6rem]"
          >
            <Link
              href={`/devices/${one.deviceId}`}
              prefetch={false}
              className="truncate font-medium"
              title={one.deviceName}
            >
              {one.deviceName}
            </Link>
            <span>
              <Badge tone={one.kind === 'unresolved' ? 'attention' : 'bad'}>{kindNames[one.kind]}</Badge>
            </span>
            <div className="min-w-0 text-[13px] [overflow-wrap:anywhere]">
              <p className="text-muted" title={one.numbers.join('\n') || undefined}>
                {one.workloadId && `${one.workloadId}${one.build ? `, ${one.build}` : ''}: `}
                {one.words.join('; ')}.
              </p>
              {one.needs.length > 0 && <p>Needs {one.needs.join(', and ')}.</p>}
              {one.offer && <p>Would fit: {one.offer}.</p>}
            </div>
            <Ago atMs={one.atMs} className="tabular text-[13px] text-muted sm:text-right" />
          </li>
        ))}
      </ul>
      {unplaced.length > mostUnplaced && (
        <p className="border-t px-5 py-3 text-[13px] text-muted">And {count(unplaced.length - mostUnplaced)} more.</p>
      )}
    </Panel>
  </Section>
)

const kindNames: Record<UnplacedShown['kind'], string> = {
  refused: 'Refused',
  unresolved: 'Files unresolved',
  tie: 'Tied',
}
