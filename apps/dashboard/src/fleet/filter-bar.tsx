'use client'

import { type HealthCode, meaningOf, type SyncState, syncStates } from '@tradewind/fleet'
import type { DeviceOrder } from '@tradewind/store'
import { Search, X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { classes } from '../ui/classes'
import { Input, Select } from '../ui/field'
import { PresenceDot } from '../ui/state'
import { count } from '../words/format'
import { presenceNames, type ShownPresence, syncNames } from '../words/name-state'
import type { Facets } from './choose'
import { columns } from './columns'
import { type Filters, type Sort, shownPresences } from './filters'
import { readLabels, writeLabels } from './label-words'

type Props = {
  filters: Filters
  change: (some: Partial<Filters>) => void
  facets: Facets
  total: number
  /** what variants and classes are called */
  names: { variants: Map<string, string>; classes: Map<string, string> }
  children: ReactNode
}

export function FilterBar({ filters, change, facets, total, names, children }: Props) {
  return (
    <div className="mb-4 grid gap-3">
      <PresenceChips filters={filters} change={change} facets={facets} />
      <div className="flex flex-wrap items-center gap-2">
        <TextFilter text={filters.text} change={(text) => change({ text })} />
        <Choice
          name="Sync"
          any="Sync: any"
          value={filters.sync}
          options={syncStates.map((state) => [state, syncNames[state], facets.sync.get(state) ?? 0])}
          change={(sync) => change({ sync: sync as SyncState | null })}
        />
        <Choice
          name="Serves"
          any="Serves: any"
          value={filters.variant}
          options={optionsOf(facets.variant, (variant) => names.variants.get(variant) ?? variant)}
          change={(variant) => change({ variant })}
        />
        <Choice
          name="Problem"
          any="Problem: any"
          value={filters.problem}
          options={optionsOf(facets.problem, (code) => meaningOf(code).name)}
          change={(problem) => change({ problem: problem as HealthCode | null })}
        />
        <Choice
          name="Device class"
          any="Class: any"
          value={filters.deviceClass}
          options={optionsOf(facets.deviceClass, (one) => names.classes.get(one) ?? one)}
          change={(deviceClass) => change({ deviceClass })}
        />
        <LabelChoice labels={filters.labels} change={(labels) => change({ labels })} facets={facets} />
        <OrderChoice sort={filters.sort} change={(sort) => change({ sort })} />
        <Select
          aria-label="Enrolled or revoked"
          className="w-auto max-sm:flex-1"
          value={filters.revoked ? 'revoked' : 'enrolled'}
          onChange={(event) => change({ revoked: event.target.value === 'revoked' })}
        >
          <option value="enrolled">Enrolled</option>
          <option value="revoked">Revoked</option>
        </Select>
      </div>
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-2 sm:min-h-8">
        <p role="status" className="tabular text-[13px] text-muted">
          {count(total)} {total === 1 ? 'device' : 'devices'}
          {filters.sort.column === 'attention' && total > 1 && ', needs attention first'}
        </p>
        <div className="flex flex-wrap items-center gap-2">{children}</div>
      </div>
    </div>
  )
}

type PresenceProps = Pick<Props, 'filters' | 'change' | 'facets'>

const PresenceChips = ({ filters, change, facets }: PresenceProps) => (
  <fieldset className="-mx-1 flex min-w-0 gap-1 overflow-x-auto p-1">
    <legend className="sr-only">Filter by presence</legend>
    <Chip
      on={filters.presence === null}
      name="All"
      number={[...facets.presence.values()].reduce((sum, one) => sum + one, 0)}
      onClick={() => change({ presence: null })}
    />
    {shownPresences
      .filter((presence) => facets.presence.get(presence) || filters.presence === presence)
      .map((presence) => (
        <Chip
          key={presence}
          on={filters.presence === presence}
          name={presenceNames[presence]}
          presence={presence}
          number={facets.presence.get(presence) ?? 0}
          onClick={() => change({ presence: filters.presence === presence ? null : presence })}
        />
      ))}
  </fieldset>
)

type Option = [value: string, name: string, devices: number]
type ChoiceProps = {
  name: string
  any: string
  value: string | null
  options: Option[]
  change: (value: string | null) => void
}

/** One of several, each with how many devices there would be. What is chosen stays, also when it finds nothing now. */
function Choice({ name, any, value, options, change }: ChoiceProps) {
  const all: Option[] =
    value !== null && !options.some(([one]) => one === value) ? [...options, [value, value, 0]] : options
  return (
    <Select
      aria-label={name}
      className={classes(
        'w-auto max-w-48 field-sizing-content max-sm:max-w-none max-sm:flex-1 max-sm:basis-36',
        value && 'border-accent',
      )}
      value={value ?? ''}
      onChange={(event) => change(event.target.value || null)}
    >
      <option value="">{any}</option>
      {all.map(([one, called, devices]) => (
        <option key={one} value={one}>
          {called} ({count(devices)})
        </option>
      ))}
    </Select>
  )
}

const optionsOf = <K extends string>(counts: Map<K, number>, nameOf: (key: K) => string): Option[] =>
  [...counts].map(([key, devices]): Option => [key, nameOf(key), devices]).sort((a, b) => b[2] - a[2])

/** Labels are added one by one; a device must have all of them. */
function LabelChoice({ labels, change, facets }: { labels: string; change: (labels: string) => void; facets: Facets }) {
  const chosen = readLabels(labels) ?? {}
  const options = [...facets.labels].toSorted(([a], [b]) => a.localeCompare(b))
  const without = (name: string) =>
    writeLabels(Object.fromEntries(Object.entries(chosen).filter(([one]) => one !== name)))
  return (
    <>
      <Select
        aria-label="Label"
        className="w-auto max-w-48 field-sizing-content max-sm:max-w-none max-sm:flex-1 max-sm:basis-36"
        value=""
        onChange={(event) => change(writeLabels({ ...chosen, ...readLabels(event.target.value) }))}
      >
        <option value="">{labels ? 'And label' : 'Label: any'}</option>
        {options.map(([word, devices]) => (
          <option key={word} value={word}>
            {word} ({count(devices)})
          </option>
        ))}
      </Select>
      {Object.entries(chosen).map(([name, value]) => (
        <button
          key={name}
          type="button"
          onClick={() => change(without(name))}
          className="inline-flex h-11 items-center gap-2 rounded-md border border-accent bg-surface px-2.5 font-mono text-xs sm:h-9"
        >
          {name}={value}
          <X className="size-3.5 text-muted" aria-hidden />
          <span className="sr-only">, no longer filter by it</span>
        </button>
      ))}
    </>
  )
}

/** On a phone there are no headings to sort by. */
const OrderChoice = ({ sort, change }: { sort: Sort; change: (sort: Sort) => void }) => (
  <Select
    aria-label="Order"
    className="w-auto flex-1 basis-36 sm:hidden"
    value={sort.column}
    onChange={(event) => change({ column: event.target.value as DeviceOrder, descending: false })}
  >
    <option value="attention">Needs attention first</option>
    <option value="name">By name</option>
    {Object.entries(columns).map(
      ([id, { name, order }]) =>
        order && (
          <option key={id} value={order}>
            By {name.toLowerCase()}
          </option>
        ),
    )}
  </Select>
)

type ChipProps = { on: boolean; name: string; number: number; presence?: ShownPresence; onClick: () => void }

const Chip = ({ on, name, number, presence, onClick }: ChipProps) => (
  <button
    type="button"
    aria-pressed={on}
    onClick={onClick}
    className={classes(
      'flex h-11 shrink-0 items-center gap-2 rounded-md border px-3 text-[13px] font-medium transition-colors sm:h-8',
      on ? 'border-line-strong bg-surface text-text shadow-card' : 'border-transparent text-muted hover:bg-raised',
    )}
  >
    {presence && <PresenceDot state={presence} />}
    {name}
    <span className={classes('tabular', on ? 'text-muted' : 'text-faint')}>{count(number)}</span>
  </button>
)

/** `/` leads here, by its key shortcut. */
function TextFilter({ text, change }: { text: string; change: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className="relative w-full sm:w-60">
      <Search className="pointer-events-none absolute left-3 top-1/2 size-4 -translate-y-1/2 text-faint" aria-hidden />
      <Input
        ref={input}
        type="search"
        aria-label="Filter by name, board, CPU, system or agent version"
        aria-keyshortcuts="/"
        placeholder="Filter devices"
        className="peer pl-9 pr-9"
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && input.current?.blur()}
      />
      {text === '' && (
        <kbd className="pointer-events-none absolute right-2 top-1/2 grid size-5 -translate-y-1/2 place-items-center rounded border bg-raised font-mono text-xs text-muted max-sm:hidden peer-focus:hidden">
          /
        </kbd>
      )}
    </div>
  )
}
