'use client'

import type { ProblemRow } from '@tradewind/store'
import { Bell, BellOff, Eye, X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { call } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'
import { classes } from '../ui/classes'
import { Field, Input } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { count } from '../words/format'
import { silences } from './problem-words'

const acknowledge = (ids: string[]) => call('POST', '/api/v1/problems/acknowledge', { ids })
const unsilence = (ids: string[]) => call('POST', '/api/v1/problems/unsilence', { ids })

type Handled = { handled: () => void }

/** What one may do with one problem, at the end of its line. */
export function HandleOne({ problem, handled }: Handled & { problem: ProblemRow }) {
  const ids = [problem.id]
  const known = useDeed(() => acknowledge(ids), handled)
  const heard = useDeed(() => unsilence(ids), handled)
  const failed = known.problem ?? heard.problem
  return (
    <div className="flex shrink-0 items-center gap-1">
      {failed && <span className="text-[13px] text-bad">{failed.message}</span>}
      {problem.state === 'waiting' && (
        <Button
          size="small"
          tone="quiet"
          pending={known.pending}
          onClick={() => known.start()}
          aria-label={`Acknowledge ${problem.deviceName}`}
        >
          <Eye aria-hidden />
          <span className="max-lg:sr-only">Acknowledge</span>
        </Button>
      )}
      {problem.silenced ? (
        <Button
          size="small"
          tone="quiet"
          pending={heard.pending}
          onClick={() => heard.start()}
          aria-label={`Show ${problem.deviceName} again`}
        >
          <Bell aria-hidden />
          <span className="max-lg:sr-only">Show again</span>
        </Button>
      ) : (
        <Silence
          problems={[problem]}
          handled={handled}
          trigger={
            <Button size="small" tone="quiet" aria-label={`Silence ${problem.deviceName}`}>
              <BellOff aria-hidden />
              <span className="max-lg:sr-only">Silence</span>
            </Button>
          }
        />
      )}
    </div>
  )
}

/** What one may do with all that are picked; it stays in reach while the list is scrolled. */
export function HandleBar({ problems, forget, handled }: Handled & { problems: ProblemRow[]; forget: () => void }) {
  const ids = problems.map(({ id }) => id)
  const known = useDeed(() => acknowledge(ids), handled)
  const heard = useDeed(() => unsilence(ids), handled)
  const waiting = problems.some(({ state }) => state === 'waiting')
  const silent = problems.some(({ silenced }) => silenced !== null)
  return (
    <section
      aria-label="Selected problems"
      className="appears sticky bottom-20 z-20 mx-auto mt-6 grid w-fit max-w-full gap-2 rounded-xl border bg-surface p-2 pl-4 shadow-high sm:bottom-6"
    >
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className="tabular mr-2 font-medium">
          {count(problems.length)} selected
        </p>
        {waiting && (
          <Button size="small" tone="primary" pending={known.pending} onClick={() => known.start()}>
            <Eye aria-hidden />
            Acknowledge
          </Button>
        )}
        <Silence
          problems={problems}
          handled={handled}
          trigger={
            <Button size="small">
              <BellOff aria-hidden />
              Silence
            </Button>
          }
        />
        {silent && (
          <Button size="small" pending={heard.pending} onClick={() => heard.start()}>
            <Bell aria-hidden />
            Show again
          </Button>
        )}
        <Button size="icon" tone="quiet" onClick={forget} aria-label="Select none">
          <X aria-hidden />
        </Button>
      </div>
      <ProblemNotice problem={known.problem ?? heard.problem} />
    </section>
  )
}

/** Asks for how long, and what the others should know. */
function Silence({ problems, handled, trigger }: Handled & { problems: ProblemRow[]; trigger: ReactNode }) {
  const [open, setOpen] = useState(false)
  const [hours, setHours] = useState<number>(24)
  const [note, setNote] = useState('')
  const { pending, problem, start } = useDeed(
    () =>
      call('POST', '/api/v1/problems/silence', {
        ids: problems.map(({ id }) => id),
        untilMs: Date.now() + hours * 3_600_000,
        note: note.trim() || null,
      }),
    () => {
      setOpen(false)
      handled()
    },
  )
  const [only] = problems.length === 1 ? problems : []
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !pending && setOpen(next)}>
      <Dialog.Trigger asChild>{trigger}</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40 dark:bg-black/60" />
        <Dialog.Content className="appears fixed inset-x-4 bottom-4 z-50 mx-auto grid max-w-md gap-4 rounded-xl border bg-surface p-5 shadow-high sm:bottom-auto sm:top-[22vh]">
          <Dialog.Title className="text-base font-semibold [overflow-wrap:anywhere]">
            {only ? `Silence this problem of ${only.deviceName}?` : `Silence ${count(problems.length)} problems?`}
          </Dialog.Title>
          <Dialog.Description className="text-muted">
            Nobody is shown {only ? 'it' : 'them'} until then, nor the same on the same device. It stays in the list of
            what is silenced, and in the history.
          </Dialog.Description>
          <fieldset className="flex flex-wrap gap-1.5">
            <legend className="mb-1.5 font-medium">For how long</legend>
            {silences.map((one) => (
              <label
                key={one.hours}
                className={classes(
                  'flex h-11 cursor-pointer items-center rounded-md border px-3 text-[13px] font-medium has-focus-visible:outline-2 sm:h-8',
                  hours === one.hours
                    ? 'border-accent bg-accent-soft text-accent-strong'
                    : 'text-muted hover:bg-raised',
                )}
              >
                <input
                  type="radio"
                  name="silence"
                  className="sr-only"
                  checked={hours === one.hours}
                  onChange={() => setHours(one.hours)}
                />
                {one.name}
              </label>
            ))}
          </fieldset>
          <Field label="Note" hint="For the others: why, and who mends it. You may leave it out.">
            {({ id, hintId }) => (
              <Input
                id={id}
                aria-describedby={hintId}
                maxLength={500}
                value={note}
                onChange={(event) => setNote(event.target.value)}
              />
            )}
          </Field>
          <ProblemNotice problem={problem} />
          <div className="flex justify-end gap-2">
            <Dialog.Close asChild>
              <Button disabled={pending}>Cancel</Button>
            </Dialog.Close>
            <Button tone="primary" pending={pending} onClick={() => start()}>
              Silence
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
