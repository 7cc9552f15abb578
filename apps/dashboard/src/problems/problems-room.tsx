'use client'

import type { ProblemPage, Role } from '@tradewind/store'
import { CircleCheckBig, ListFilter } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useRefresh } from '../fleet/use-fleet'
import { LivePill } from '../live/live-pill'
import { useLive } from '../live/use-live'
import { FleetProblems } from '../overview/fleet-problems'
import { may } from '../people/permission'
import type { Attention } from '../server/attention'
import { buttonLook } from '../ui/button'
import { Pager } from '../ui/pager'
import { Empty, PageTitle } from '../ui/section'
import { bundle } from './bundles'
import { EndedList } from './ended-list'
import { FilterBar } from './filter-bar'
import { noProblemFilters, type ProblemFilters, problemsPerPage, writeProblemFilters } from './filters'
import { HandleBar } from './handle'
import { ProblemBundle } from './problem-bundle'

type Props = {
  page: ProblemPage
  fleet: Attention['fleet']
  filters: ProblemFilters
  /** of the one device that is asked for */
  deviceName: string | null
  role: Role
}

/** Everything that is or was wrong, and what people have said of it. */
export function ProblemsRoom({ page: { problems, total, byState }, fleet, filters, deviceName, role }: Props) {
  const refresh = useRefresh(2_000)
  const router = useRouter() // what this person does shows at once, what others do when there is time
  const connection = useLive({ problems: refresh, rollout: refresh, fleet: refresh, proposals: refresh, back: refresh })
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const pick = (ids: string[], on: boolean) =>
    setPicked((before) => new Set(on ? [...before, ...ids] : [...before].filter((id) => !ids.includes(id))))
  const shown = problems.filter(({ id }) => picked.has(id)) // what has ended meanwhile is picked no more
  const handles = may(role, 'handle-problems') && filters.state !== 'ended'
  const isWhole = filters.state === 'waiting' && !filters.severity && !filters.code && !filters.device

  return (
    <>
      <PageTitle title="Problems" hint="What is wrong, the most urgent first; causes stand before what they cause.">
        <LivePill connection={connection} />
      </PageTitle>
      <FilterBar filters={filters} byState={byState} deviceName={deviceName} />
      {isWhole && filters.page === 1 && fleet.length > 0 && <FleetProblems fleet={fleet} className="mb-6" />}
      {problems.length === 0 ? (
        <NothingHere filters={filters} hasFleetProblems={isWhole && fleet.length > 0} />
      ) : filters.state === 'ended' ? (
        <EndedList problems={problems} />
      ) : (
        <div className="grid gap-6">
          {bundle(problems).map((one) => (
            <ProblemBundle
              key={one.key}
              bundle={one}
              picked={picked}
              pick={handles ? pick : null}
              handled={router.refresh}
              isOneDevice={filters.device !== null}
            />
          ))}
        </div>
      )}
      <Pager
        className="mt-4"
        name="problems"
        page={filters.page}
        perPage={problemsPerPage}
        shown={problems.length}
        total={total}
        hrefOf={(page) => `/problems${writeProblemFilters({ ...filters, page })}`}
      />
      {handles && shown.length > 0 && (
        <HandleBar
          problems={shown}
          forget={() => setPicked(new Set())}
          handled={() => {
            setPicked(new Set())
            router.refresh()
          }}
        />
      )}
    </>
  )
}

function NothingHere({ filters, hasFleetProblems }: { filters: ProblemFilters; hasFleetProblems: boolean }) {
  const { state, severity, code, device } = filters
  if (severity || code || device)
    return (
      <Empty icon={<ListFilter />} title="No problem matches">
        <p>Nothing of this kind is here. Other filters may show more.</p>
        <Link href={`/problems${writeProblemFilters({ ...noProblemFilters, state })}`} className={buttonLook()}>
          Clear the filters
        </Link>
      </Empty>
    )
  if (state === 'waiting')
    return (
      <Empty
        icon={<CircleCheckBig />}
        title={hasFleetProblems ? 'Nothing is wrong with any device' : 'Nothing needs you'}
      >
        <p>
          The hub looks at every device twice a minute and as soon as it says something new: contact, heat, power,
          memory, disk, engine, and whether it does what it should.
        </p>
      </Empty>
    )
  return (
    <Empty icon={<CircleCheckBig />} title={nothing[state].title}>
      <p>{nothing[state].says}</p>
    </Empty>
  )
}

const nothing = {
  acknowledged: {
    title: 'Nothing is acknowledged',
    says: 'Acknowledge a problem to tell the others that you know of it. It comes back when it gets worse.',
  },
  silenced: {
    title: 'Nothing is silenced',
    says: 'Silence a problem that you cannot mend now. It comes back by itself when the time is over.',
  },
  ended: {
    title: 'Nothing has ended yet',
    says: 'What was wrong and is not any more is kept here for 90 days.',
  },
}
