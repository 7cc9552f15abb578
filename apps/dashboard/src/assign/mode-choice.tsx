'use client'

import { RadioGroup } from 'radix-ui'
import { classes } from '../ui/classes'
import { Field, Input, Select } from '../ui/field'
import { Section } from '../ui/section'
import type { BuildChoice } from './assign-room'
import { type Choice, type KeptWorkload, type Mode, nameFor } from './choice'

const names: Record<Mode, { name: string; says: string }> = {
  new: { name: 'New workload', says: 'Say what devices are for: each gets the build that is right for it.' },
  change: { name: 'Change a workload', says: 'Ask something else of the devices that it is for.' },
  give: { name: 'Give a workload', says: 'Devices that you choose get what it gives, once.' },
  build: { name: 'Give a build', says: 'Devices that you choose get one build by its name.' },
}

type Props = {
  choice: Choice
  workloads: KeptWorkload[]
  builds: BuildChoice[]
  turnTo: (mode: Mode, workload: string) => void
  change: (some: Partial<Choice>) => void
}

export function ModeChoice({ choice, workloads, builds, turnTo, change }: Props) {
  const { mode, workload } = choice
  const hasWorkloads = workloads.length > 0
  return (
    <Section title="What">
      <RadioGroup.Root
        aria-label="What is assigned"
        value={mode}
        onValueChange={(next) => turnTo(next as Mode, next === 'new' || next === 'build' ? '' : workload)}
        className="grid gap-2 sm:grid-cols-2"
      >
        {(Object.keys(names) as Mode[]).map((one) => (
          <RadioGroup.Item
            key={one}
            value={one}
            disabled={!hasWorkloads && (one === 'change' || one === 'give')}
            className={classes(
              'grid min-h-16 content-center gap-0.5 rounded-lg border bg-surface px-4 py-2.5 text-left shadow-card transition-colors hover:bg-raised',
              'disabled:cursor-not-allowed disabled:opacity-55 data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft',
            )}
          >
            <span className="font-medium">{names[one].name}</span>
            <span className="text-[13px] text-muted">{names[one].says}</span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      <div className="mt-4 max-w-md">
        {mode === 'new' && (
          <Field label="Its name" hint="Small letters, digits and hyphens. Left empty, it is named after its use.">
            {({ id, hintId }) => (
              <Input
                id={id}
                aria-describedby={hintId}
                maxLength={40}
                placeholder={nameFor(choice, workloads)}
                value={choice.id}
                onChange={(event) => change({ id: event.target.value })}
              />
            )}
          </Field>
        )}
        {(mode === 'change' || mode === 'give') && (
          <Field label="Workload">
            {({ id }) => (
              <Select id={id} value={workload} onChange={(event) => turnTo(mode, event.target.value)}>
                <option value="">Choose one</option>
                {workloads.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.id}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        {mode === 'build' && (
          <Field label="Build">
            {({ id }) => (
              <Select id={id} value={choice.build} onChange={(event) => change({ build: event.target.value })}>
                <option value="">Choose one</option>
                <BuildOptions builds={builds} />
              </Select>
            )}
          </Field>
        )}
      </div>
    </Section>
  )
}

export const BuildOptions = ({ builds }: { builds: BuildChoice[] }) =>
  builds.map(({ id, name, resolved }) => (
    <option key={id} value={id}>
      {name}
      {resolved ? '' : ', files not resolved'}
    </option>
  ))
