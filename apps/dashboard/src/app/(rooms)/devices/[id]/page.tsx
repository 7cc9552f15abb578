import { gemma4, spokenLanguages } from '@tradewind/fleet'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import type { Shown } from '../../../../decision/decision-section'
import { drawnFigures } from '../../../../device/charts'
import { DeviceRoom } from '../../../../device/device-room'
import { readHistory } from '../../../../device/history'
import { predict } from '../../../../device/predict'
import { ranges, readRange } from '../../../../device/ranges'
import { assignmentsOf, silenceOf } from '../../../../device/read-device'
import { type Decided, decisionFor } from '../../../../server/decision'
import { requirePerson } from '../../../../server/person'
import { type Query, searchParams } from '../../../../server/search-params'
import { store } from '../../../../server/store'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Query> }

/** A device has fewer problems than there are codes, and facts that cannot be read. */
const allOpen = { state: 'open', code: null, severity: null, offset: 0, limit: 100 } as const

const deviceOf = cache(async (id: string) => (await store()).device(id))

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requirePerson()
  return { title: (await deviceOf((await params).id))?.name ?? 'No such device' }
}

export default async function Device({ params, searchParams: query }: Props) {
  const { role } = await requirePerson()
  const { id } = await params
  const range = readRange(searchParams(await query).get('range'))
  const opened = await store()
  const nowMs = Date.now()
  const [device, history, events, decided, assignments, throttled, proposals, wrong] = await Promise.all([
    deviceOf(id),
    readHistory(opened, id, { range, nowMs, figures: drawnFigures }),
    opened.listEvents(id),
    decisionFor(opened, id),
    assignmentsOf(opened, id),
    opened.throttledSpans(id, nowMs - ranges[range].ms, nowMs),
    opened.proposals([id]),
    opened.pageOfProblems({ ...allOpen, deviceId: id, nowMs }),
  ])
  if (!device || !history) notFound()
  return (
    <DeviceRoom
      key={id}
      device={device}
      history={history}
      events={events}
      role={role}
      predictions={predict(gemma4, device)}
      languages={spokenLanguages(gemma4)}
      decided={shownOf(decided)}
      assignments={assignments}
      throttled={throttled}
      proposal={proposals[0] ?? null}
      problems={wrong.problems}
      silence={await silenceOf(opened, device)}
    />
  )
}

/** The panel says all of the decision that the page shows, in a fifth of its bytes. */
function shownOf(decided: Decided | null): Shown | null {
  if (!decided) return null
  const { decision: _, ...shown } = decided
  return shown
}
