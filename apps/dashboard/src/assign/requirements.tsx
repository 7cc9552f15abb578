'use client'

import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { classes } from '../ui/classes'
import { Field, Input, Select } from '../ui/field'
import { Section } from '../ui/section'
import { useCaseNames, useCases } from '../words/name-placement'
import type { BuildChoice } from './assign-room'
import { type Choice, type KeptWorkload, usesOf } from './choice'
import { BuildOptions } from './mode-choice'

type Props = {
  choice: Choice
  workloads: KeptWorkload[]
  builds: BuildChoice[]
  change: (some: Partial<Choice>) => void
}

const contexts = [4096, 16_384, 32_768, 131_072]

/** What the devices are for, and what is asked of them. */
export function Requirements({ choice, builds, change }: Props) {
  const uses = usesOf(choice)
  const toggle = (use: (typeof useCases)[number]) =>
    change({ use: useCases.filter((one) => uses.includes(one) !== (one === use)).join(',') })
  const text = (name: keyof Choice) => ({
    value: choice[name],
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  })
  return (
    <Section title="For what" hint="Of several uses the choice must serve each.">
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">Use cases</legend>
        {useCases.map((use) => (
          <button
            key={use}
            type="button"
            aria-pressed={uses.includes(use)}
            onClick={() => toggle(use)}
            className={classes(
              'min-h-11 rounded-md border px-3 text-left text-[13px] font-medium transition-colors sm:min-h-8',
              uses.includes(use)
                ? 'border-accent bg-accent-soft text-accent-strong'
                : 'border-line-strong bg-surface text-muted hover:bg-raised',
            )}
          >
            {useCaseNames[use]}
          </button>
        ))}
      </fieldset>
      <div className="mt-5 grid gap-5 sm:grid-cols-2">
        <Field label="Context" hint="Tokens that one request may span. More costs memory.">
          {({ id, hintId }) => (
            <>
              <Input id={id} aria-describedby={hintId} inputMode="numeric" list={`${id}-usual`} {...text('context')} />
              <datalist id={`${id}-usual`}>
                {contexts.map((one) => (
                  <option key={one} value={one} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label="Spoken languages" hint="Codes with commas between, such as es, pt-br. None: whatever was tested.">
          {({ id, hintId }) => (
            <Input id={id} aria-describedby={hintId} placeholder="es, pt-br" {...text('languages')} />
          )}
        </Field>
      </div>
      <Details title="What else is asked" isOpen={isAsked(choice)}>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Speed of writing, tokens/s" hint="At least.">
            {({ id, hintId }) => <Input id={id} aria-describedby={hintId} inputMode="decimal" {...text('speed')} />}
          </Field>
          <Field label="Work for 1 s of speech, s" hint="At most. 1 keeps up with live speech.">
            {({ id, hintId }) => <Input id={id} aria-describedby={hintId} inputMode="decimal" {...text('factor')} />}
          </Field>
          <Field label="Wait for the first word, s" hint="At most, with a full context.">
            {({ id, hintId }) => <Input id={id} aria-describedby={hintId} inputMode="decimal" {...text('wait')} />}
          </Field>
          <Field label="Requests at once" hint="Each has a context of its own.">
            {({ id, hintId }) => (
              <Input id={id} aria-describedby={hintId} inputMode="numeric" placeholder="1" {...text('slots')} />
            )}
          </Field>
          <Field label="Recall" hint="Low tolerance shuts out what is known to make things up.">
            {({ id, hintId }) => (
              <Select id={id} aria-describedby={hintId} {...text('recall')}>
                <option value="">Any</option>
                <option value="low">Low tolerance</option>
              </Select>
            )}
          </Field>
          <Field label="Whose matrix counts" hint="Which variant serves which use.">
            {({ id, hintId }) => (
              <Select id={id} aria-describedby={hintId} {...text('policy')}>
                <option value="">The evidence</option>
                <option value="article">The article, to the letter</option>
              </Select>
            )}
          </Field>
          <Field label="Commercial use">
            {({ id }) => (
              <Select id={id} {...text('commercial')}>
                <option value="">No</option>
                <option value="yes">Yes</option>
              </Select>
            )}
          </Field>
          {choice.commercial === 'yes' && (
            <Field label="Monthly users">{({ id }) => <Input id={id} inputMode="numeric" {...text('users')} />}</Field>
          )}
          <Field label="Priority" hint="Of two workloads that select a device the higher counts.">
            {({ id, hintId }) => (
              <Input id={id} aria-describedby={hintId} inputMode="numeric" placeholder="0" {...text('priority')} />
            )}
          </Field>
          <Field label="Pinned build" hint="This one and no other, where it fits.">
            {({ id, hintId }) => (
              <Select id={id} aria-describedby={hintId} {...text('pin')}>
                <option value="">None: the best that fits</option>
                <BuildOptions builds={builds} />
              </Select>
            )}
          </Field>
        </div>
      </Details>
    </Section>
  )
}

const isAsked = ({ speed, factor, wait, slots, recall, policy, commercial, priority, pin }: Choice) =>
  [speed, factor, wait, slots, recall, policy, commercial, priority, pin].some((one) => one !== '')

/** What most people leave as it is. It is open at first where somebody did not, and later as a person leaves it. */
export function Details({ title, isOpen, children }: { title: ReactNode; isOpen: boolean; children: ReactNode }) {
  const [first] = useState(isOpen)
  return (
    <details className="group mt-5" open={first}>
      <summary className="flex min-h-11 w-fit cursor-pointer list-none items-center gap-1 text-[13px] font-medium text-muted hover:text-text sm:min-h-8 [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 shrink-0 transition-transform group-open:rotate-90" aria-hidden />
        {title}
      </summary>
      <div className="mt-4">{children}</div>
    </details>
  )
}
