'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { classes } from '../ui/classes'
import { Select } from '../ui/field'
import { Pager } from '../ui/pager'
import { Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { explainMember, memberNames } from '../words/explain-rollout'
import { count } from '../words/format'
import { type MemberFilter, membersPerPage, shownOutcomes, writeMemberFilter } from './member-filter'
import { MemberBadge } from './member-look'
import type { Member, RolloutShown } from './shape-rollout'

type Props = { rollout: RolloutShown; filter: MemberFilter }

/** The members, what needs a look first. */
export function MemberTable({ rollout, filter }: Props) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const hrefOf = (some: Partial<MemberFilter>) =>
    `/rollouts/${rollout.id}${writeMemberFilter({ ...filter, page: 1, ...some })}`
  const show = (some: Partial<MemberFilter>) => startTransition(() => router.replace(hrefOf(some), { scroll: false }))
  return (
    <Section
      title="Members"
      actions={
        <>
          <Select
            aria-label="Outcome"
            className="w-auto"
            value={filter.outcome ?? ''}
            onChange={(event) => show({ outcome: shownOutcomes.find((one) => one === event.target.value) ?? null })}
          >
            <option value="">Any outcome</option>
            {shownOutcomes.map((one) => (
              <option key={one} value={one}>
                {memberNames[one]} ({count(rollout.outcomes[one] ?? 0)})
              </option>
            ))}
          </Select>
          <Select
            aria-label="Wave"
            className="w-auto"
            value={filter.wave ?? ''}
            onChange={(event) => show({ wave: event.target.value === '' ? null : Number(event.target.value) })}
          >
            <option value="">Any wave</option>
            {rollout.stages.map(({ wave }) => (
              <option key={wave} value={wave}>
                Wave {wave + 1}
              </option>
            ))}
          </Select>
        </>
      }
    >
      <Panel className={classes('transition-opacity', pending && 'opacity-60')}>
        {rollout.rows.length === 0 ? (
          <p className="px-5 py-10 text-center text-muted">No member is like that.</p>
        ) : (
          <ul className="divide-y">
            {rollout.rows.map((member) => (
              <MemberRow key={member.deviceId} member={member} />
            ))}
          </ul>
        )}
        <Pager
          className="border-t px-5 py-2.5"
          name="members"
          page={filter.page}
          perPage={membersPerPage}
          shown={rollout.rows.length}
          total={rollout.found}
          hrefOf={(page) => hrefOf({ page })}
        />
      </Panel>
    </Section>
  )
}

const MemberRow = ({ member }: { member: Member }) => {
  const { deviceId, name, wave, outcome, build, before } = member
  return (
    <li className="grid min-h-12 grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-5 gap-y-1.5 px-5 py-2.5 sm:grid-cols-[minmax(0,1fr)_7.5rem_4.5rem_minmax(0,1.6fr)]">
      <Link href={`/devices/${deviceId}`} prefetch={false} className="truncate font-medium" title={name}>
        {name}
      </Link>
      <span>
        <MemberBadge outcome={outcome} />
      </span>
      <span className="tabular text-[13px] text-muted max-sm:hidden">Wave {wave + 1}</span>
      <div className="min-w-0 text-[13px] max-sm:col-span-2">
        <p className="[overflow-wrap:anywhere]">
          {before?.build !== build && (
            <>
              <code className="font-mono">{before?.build ?? 'nothing'}</code> <span className="text-faint">
                to
              </span>{' '}
            </>
          )}
          <code className="font-mono">{build}</code>
          {before?.build === build && <span className="text-muted">, held otherwise</span>}
        </p>
        <Why member={member} />
      </div>
    </li>
  )
}

const Why = ({ member: { code, left, told, rolledBack, excused, outcome, succeededAt } }: { member: Member }) => {
  const reason = left ?? code
  return (
    <p className="text-muted [overflow-wrap:anywhere]">
      {reason && (
        <span title={reason} className={outcome === 'failed' ? 'text-bad' : undefined}>
          {explainMember(reason)}{' '}
        </span>
      )}
      {excused && outcome === 'failed' && 'A person accepted that. '}
      {rolledBack ? (
        <>
          Told to go back <Ago atMs={rolledBack.at} />, revision {rolledBack.revision}.
        </>
      ) : told ? (
        <>
          Told <Ago atMs={told.at} />, revision {told.revision}.
        </>
      ) : null}
      {succeededAt !== null && outcome === 'succeeded' && (
        <>
          {' '}
          Began to serve well <Ago atMs={succeededAt} />.
        </>
      )}
    </p>
  )
}
