'use client'

import type { Mirror, MirrorAdded, Mirrored, MirrorPruned, Problem } from '@tradewind/protocol'
import { Check, CircleX, Clock, Download } from 'lucide-react'
import { type FormEvent, type ReactNode, useCallback, useEffect, useState } from 'react'
import { call, problemFrom } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Badge, type BadgeTone } from '../ui/badge'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Field, Select } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { Panel, Section } from '../ui/section'
import { bytes, count, percent, rate, span } from '../words/format'

type Told = { mirror: Mirror | null; problem: Problem | null }
const againMs = { fetching: 2_000, resting: 30_000 }

/** The hub says it; asked again while the page is open, sooner while something is fetched. */
function useMirror(): Told & { again: () => Promise<void> } {
  const [told, setTold] = useState<Told>({ mirror: null, problem: null })
  const again = useCallback(async () => {
    const next = await call<Mirror>('GET', '/api/v1/mirror').then(
      (mirror) => ({ mirror, problem: null }),
      (error) => ({ problem: problemFrom(error) }),
    )
    setTold((before) => ({ ...before, ...next }))
  }, [])
  const isFetching = told.mirror?.builds.some(({ state }) => state === 'fetching') === true
  useEffect(() => {
    void again()
    const timer = setInterval(again, isFetching ? againMs.fetching : againMs.resting)
    return () => clearInterval(timer)
  }, [again, isFetching])
  return { ...told, again }
}

/** What the hub keeps of model files for its devices. */
export function MirrorPanel({ builds, mayManage }: { builds: string[]; mayManage: boolean }) {
  const { mirror, problem, again } = useMirror()
  const unused = mirror?.builds.filter(({ devices }) => devices === 0) ?? []
  return (
    <Section
      title="Mirror"
      hint="Model files that the hub fetched once and gives to its devices, so that each does not fetch them from the internet."
      actions={
        mayManage &&
        unused.length > 0 && (
          <Confirm
            trigger={<Button size="small">Prune</Button>}
            title="Give up the files that no device is assigned?"
            consequence={
              <p>
                {bytes(unused.reduce((sum, { hereBytes }) => sum + hereBytes, 0))} at most become free:{' '}
                {unused.map(({ build }) => build).join(', ')}. They can be fetched again.
              </p>
            }
            verb="Prune"
            danger
            run={() => call<MirrorPruned>('POST', '/api/v1/mirror/prune')}
            done={again}
          />
        )
      }
    >
      <Panel>
        {problem && (
          <div className="border-b p-5">
            <ProblemNotice problem={problem} />
          </div>
        )}
        {mirror ? <Room mirror={mirror} /> : !problem && <div className="skeleton m-5 h-4 w-64" />}
        {mirror && mirror.builds.length === 0 && (
          <p className="border-t px-5 py-6 text-center text-muted">
            The mirror holds nothing. Devices fetch from {mirror.source}.
          </p>
        )}
        <ul className="divide-y border-t empty:hidden">
          {mirror?.builds.map((one) => (
            <Item key={one.build} one={one} />
          ))}
        </ul>
        {mayManage && mirror && (
          <AddBuild builds={builds.filter((id) => !mirror.builds.some(({ build }) => build === id))} added={again} />
        )}
      </Panel>
    </Section>
  )
}

function Room({ mirror: { usedBytes, budgetBytes, roomBytes, mode, transfers } }: { mirror: Mirror }) {
  const share = budgetBytes === 0 ? 0 : Math.min(1, usedBytes / budgetBytes)
  return (
    <div className="grid gap-2 px-5 py-4">
      <div className="flex flex-wrap justify-between gap-x-6 gap-y-1">
        <p className="tabular">
          <span className="font-medium">{bytes(usedBytes)}</span> of {bytes(budgetBytes)} used
          <span className="text-muted"> · room for {bytes(roomBytes)} more</span>
        </p>
        <p className="text-muted">
          {mode === 'auto' ? 'Fetches what is assigned by itself' : 'Fetches what people add'}
          {transfers > 0 && ` · gives to devices now: ${count(transfers)}`}
        </p>
      </div>
      <div aria-hidden className="h-2 overflow-hidden rounded-full bg-raised">
        <div className="h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}

const looks: Record<Mirrored['state'], { tone: BadgeTone; icon: ReactNode; name: string }> = {
  whole: { tone: 'good', icon: <Check aria-hidden />, name: 'Whole' },
  waiting: { tone: 'neutral', icon: <Clock aria-hidden />, name: 'Waiting' },
  fetching: { tone: 'attention', icon: <Download aria-hidden />, name: 'Fetching' },
  failed: { tone: 'bad', icon: <CircleX aria-hidden />, name: 'Failed' },
}

function Item({ one: { build, state, devices, bytes: whole, hereBytes, progress, trouble } }: { one: Mirrored }) {
  const { tone, icon, name } = looks[state]
  return (
    <li className="grid gap-x-6 gap-y-1 px-5 py-3 sm:grid-cols-[minmax(0,1fr)_7rem_minmax(0,16rem)] sm:items-center">
      <div className="min-w-0">
        <p className="truncate font-medium" title={build}>
          {build}
        </p>
        <p className="text-[13px] text-muted">
          {devices === 0
            ? 'No device is assigned it'
            : devices === 1
              ? '1 device is assigned it'
              : `${count(devices)} devices are assigned it`}
        </p>
        {trouble && (
          <p className="text-[13px] text-bad [overflow-wrap:anywhere]">
            {trouble.message} {trouble.next} <code className="font-mono text-xs">{trouble.code}</code>
          </p>
        )}
      </div>
      <div>
        <Badge tone={tone} icon={icon}>
          {name}
        </Badge>
      </div>
      <p className="tabular text-[13px] text-muted sm:text-right">
        {hereBytes >= whole ? bytes(whole) : `${bytes(hereBytes)} of ${bytes(whole)} (${percent(hereBytes / whole)})`}
        {progress?.bytesPerSecond != null && ` · ${rate(progress.bytesPerSecond)}`}
        {progress?.etaSeconds != null && ` · ${span(progress.etaSeconds * 1000)} left`}
      </p>
    </li>
  )
}

const add = (build: string) => call<MirrorAdded>('POST', '/api/v1/mirror', { build })

function AddBuild({ builds, added }: { builds: string[]; added: () => void }) {
  const { pending, problem, start } = useDeed(add, added)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    start(String(new FormData(event.currentTarget).get('build')))
  }
  if (builds.length === 0) return null
  return (
    <form onSubmit={submit} className="grid gap-3 border-t p-5">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Add a build">
          {({ id }) => (
            <Select id={id} name="build" className="sm:w-64">
              {builds.map((build) => (
                <option key={build}>{build}</option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit" pending={pending}>
          Fetch it
        </Button>
      </div>
      <ProblemNotice problem={problem} />
    </form>
  )
}
