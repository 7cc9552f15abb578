'use client'

import { type SyncState, syncStates } from '@tradewind/fleet'
import type { DevicePage } from '@tradewind/store'
import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { classes } from '../ui/classes'
import { Input, Select } from '../ui/field'
import { PresenceDot } from '../ui/state'
import { count } from '../words/format'
import { presenceNames, type ShownPresence, syncNames } from '../words/name-state'
import { type Filters, shownPresences, sumOf } from './filters'

type Props = {
  filters: Filters
  change: (some: Partial<Filters>) => void
  found: Pick<DevicePage, 'total' | 'byPresence' | 'bySync'>
}

export function FilterBar({ filters, change, found: { total, byPresence, bySync } }: Props) {
  return (
    <div className="mb-4 grid gap-3">
      <fieldset className="-mx-1 flex min-w-0 gap-1 overflow-x-auto p-1">
        <legend className="sr-only">Filter by presence</legend>
        <Chip
          on={filters.presence === null}
          name="All"
          number={sumOf(byPresence)}
          onClick={() => change({ presence: null })}
        />
        {shownPresences
          .filter((presence) => byPresence[presence] || filters.presence === presence)
          .map((presence) => (
            <Chip
              key={presence}
              on={filters.presence === presence}
              name={presenceNames[presence]}
              presence={presence}
              number={byPresence[presence] ?? 0}
              onClick={() => change({ presence: filters.presence === presence ? null : presence })}
            />
          ))}
      </fieldset>
      <div className="flex flex-wrap items-center gap-2">
        <TextFilter text={filters.text} change={(text) => change({ text })} />
        <Select
          aria-label="Sync"
          className="w-auto max-sm:flex-1"
          value={filters.sync ?? ''}
          onChange={(event) => change({ sync: (event.target.value || null) as SyncState | null })}
        >
          <option value="">Any sync ({count(sumOf(bySync))})</option>
          {syncStates.map((state) => (
            <option key={state} value={state}>
              {syncNames[state]} ({count(bySync[state] ?? 0)})
            </option>
          ))}
        </Select>
        <Select
          aria-label="Enrolled or revoked"
          className="w-auto max-sm:flex-1"
          value={filters.revoked ? 'revoked' : 'enrolled'}
          onChange={(event) => change({ revoked: event.target.value === 'revoked' })}
        >
          <option value="enrolled">Enrolled</option>
          <option value="revoked">Revoked</option>
        </Select>
        <p role="status" className="tabular ml-auto text-[13px] text-muted max-sm:w-full">
          {count(total)} {total === 1 ? 'device' : 'devices'}
          {filters.sort.column === 'attention' && total > 1 && ', needs attention first'}
        </p>
      </div>
    </div>
  )
}

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

/** A pause in typing after which the server is asked, in milliseconds. */
const pauseMs = 200

function TextFilter({ text, change }: { text: string; change: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const { typed, type } = useTyped(text, change)
  return (
    <div className="relative w-full sm:w-72">
      <Search className="pointer-events-none absolute left-3 top-1/2 size-4 -translate-y-1/2 text-faint" aria-hidden />
      <Input
        ref={input}
        type="search"
        aria-label="Filter by name, board, CPU, system or agent version"
        aria-keyshortcuts="/"
        placeholder="Filter devices"
        className="peer pl-9 pr-9"
        value={typed}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && input.current?.blur()}
      />
      {typed === '' && (
        <kbd className="pointer-events-none absolute right-2 top-1/2 grid size-5 -translate-y-1/2 place-items-center rounded border bg-raised font-mono text-xs text-muted max-sm:hidden peer-focus:hidden">
          /
        </kbd>
      )}
    </div>
  )
}

/** What is typed shows at once and is told after a pause; a text from elsewhere (cleared, Back) replaces it. */
function useTyped(text: string, tell: (text: string) => void) {
  const [typed, setTyped] = useState(text)
  const told = useRef(text)
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(pause.current), [])
  useEffect(() => {
    if (text === told.current) return
    told.current = text
    setTyped(text)
  }, [text])
  const type = (next: string) => {
    setTyped(next)
    clearTimeout(pause.current)
    pause.current = setTimeout(() => {
      told.current = next
      tell(next)
    }, pauseMs)
  }
  return { typed, type }
}
