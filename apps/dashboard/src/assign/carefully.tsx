'use client'

import { Field, Input, Select } from '../ui/field'
import { Section } from '../ui/section'
import { type Choice, listOf, noChoice, planOf, planWords } from './choice'
import { Details } from './requirements'

type Props = { choice: Choice; change: (some: Partial<Choice>) => void }

const days = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' }
const careNames = ['waves', 'atOnce', 'succeed', 'fail', 'pace', 'smoke', 'soak', 'deadline', 'window'] as const

/** How a change goes through the fleet: the careful way, and behind a click all that may be set. */
export function Carefully({ choice, change }: Props) {
  const text = (name: keyof Choice) => ({
    value: choice[name],
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  })
  const planned = planOf(choice)
  const isAtOnce = choice.waves.trim() === ''
  const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
  const [from = '', to = ''] = choice.window.split('-')
  const setWindow = (start: string, end: string) =>
    change(
      start === '' && end === ''
        ? { window: '', zone: '' }
        : { window: `${start}-${end}`, zone: choice.zone || ownZone() },
    )
  const chosenDays = choice.days === '' ? Object.keys(days) : listOf(choice.days)
  const toggleDay = (day: string) => {
    const next = Object.keys(days).filter((one) => chosenDays.includes(one) !== (one === day))
    change({ days: next.length === 7 ? '' : next.join(',') })
  }
  return (
    <Section title="How carefully" hint={planWords(choice)}>
      {!planned.ok && (
        <p role="alert" className="text-[13px] text-bad">
          {planned.missing}
        </p>
      )}
      <Details
        title="Waves, gates, limits and window"
        isOpen={careNames.some((name) => choice[name] !== noChoice[name])}
      >
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Waves" hint="How many have been told by the end of each. Empty: all at once.">
            {({ id, hintId }) => <Input id={id} aria-describedby={hintId} {...text('waves')} />}
          </Field>
          {!isAtOnce && (
            <>
              <Field label="At the same time" hint="Devices, or a share of all, that may be changing.">
                {({ id, hintId }) => <Input id={id} aria-describedby={hintId} {...text('atOnce')} />}
              </Field>
              <Field label="Must succeed, %" hint="Of a wave, before the next one is told.">
                {({ id, hintId }) => (
                  <Input id={id} aria-describedby={hintId} inputMode="decimal" {...text('succeed')} />
                )}
              </Field>
              <Field label="May fail, %" hint="More, and it pauses by itself.">
                {({ id, hintId }) => <Input id={id} aria-describedby={hintId} inputMode="decimal" {...text('fail')} />}
              </Field>
              <Field label="Least speed, %" hint="Of what the same device reached with this build before.">
                {({ id, hintId }) => <Input id={id} aria-describedby={hintId} inputMode="decimal" {...text('pace')} />}
              </Field>
              <Field label="Smoke test" hint="Flagged: passed, with nothing to compare the answer with.">
                {({ id, hintId }) => (
                  <Select id={id} aria-describedby={hintId} {...text('smoke')}>
                    <option value="flagged">Passed or flagged</option>
                    <option value="passed">Passed</option>
                  </Select>
                )}
              </Field>
              <Field label="Soak, minutes" hint="For how long a device must serve well before it counts.">
                {({ id, hintId }) => <Input id={id} aria-describedby={hintId} inputMode="decimal" {...text('soak')} />}
              </Field>
              <Field label="Deadline, hours" hint="For one device, from when it was told.">
                {({ id, hintId }) => (
                  <Input id={id} aria-describedby={hintId} inputMode="decimal" {...text('deadline')} />
                )}
              </Field>
              <Field label="Only from" hint={choice.window ? `In ${choice.zone || 'UTC'}.` : 'Empty: at any time.'}>
                {({ id, hintId }) => (
                  <Input
                    id={id}
                    type="time"
                    aria-describedby={hintId}
                    value={from}
                    onChange={(event) => setWindow(event.target.value, to)}
                  />
                )}
              </Field>
              <Field label="to">
                {({ id }) => (
                  <Input id={id} type="time" value={to} onChange={(event) => setWindow(from, event.target.value)} />
                )}
              </Field>
              {choice.window !== '' && (
                <fieldset className="flex flex-wrap gap-x-4 gap-y-1 sm:col-span-2">
                  <legend className="mb-1 font-medium">On the days</legend>
                  {Object.entries(days).map(([day, name]) => (
                    <label key={day} className="inline-flex min-h-11 items-center gap-2 sm:min-h-8">
                      <input type="checkbox" checked={chosenDays.includes(day)} onChange={() => toggleDay(day)} />
                      {name}
                    </label>
                  ))}
                </fieldset>
              )}
            </>
          )}
        </div>
      </Details>
    </Section>
  )
}
