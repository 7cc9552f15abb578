// biome-ignore-all lint/a11y/useSemanticElements: a table of ten thousand lines cannot be drawn whole
'use client'

import type { FleetRow } from '@tradewind/store'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { memo, useSyncExternalStore } from 'react'
import { classes } from '../ui/classes'
import type { ColumnId } from './column-ids'
import { columns } from './columns'
import type { LatestFigures } from './latest-figures'

/** `chosen`: by the person, who then wants them however narrow it gets. */
export type ShownColumns = { ids: ColumnId[]; chosen: boolean }

const phoneLook = classes(
  'max-sm:grid max-sm:content-center max-sm:gap-x-3 max-sm:gap-y-1 max-sm:pl-2 max-sm:pr-4',
  'max-sm:grid-cols-[auto_minmax(0,1fr)_auto_auto]',
  "max-sm:[grid-template-areas:'check_name_name_sync'_'check_presence_cpu_temperature'_'check_serving_serving_serving']",
)
/** Every line is as high as every other, so that the place of each is known without drawing it. */
export const lineHeights = { table: 56, phone: 92 }
const lineLook = classes('absolute inset-x-0 top-0 flex h-23 items-center border-b sm:h-14', phoneLook)
const markedLook = 'bg-accent-soft shadow-[inset_2px_0_var(--accent)]'

export const cellLook = (id: ColumnId, { chosen }: ShownColumns) =>
  classes(
    'min-w-0 shrink-0 px-2 last:pr-4 max-sm:w-auto max-sm:px-0 max-sm:last:pr-0',
    columns[id].look,
    !chosen && columns[id].roomFrom,
    columns[id].phone,
  )
export const nameLook = 'min-w-0 flex-[1.4_1_0] px-2 max-sm:px-0 max-sm:[grid-area:name]'
export const checkLook = 'w-10 shrink-0 max-sm:[grid-area:check] max-sm:w-8'

type LineProps = {
  row: FleetRow
  figures: LatestFigures
  shown: ShownColumns
  /** its place in the list from 0, and where that is, in pixels */
  place: number
  top: number
  marked: boolean
  /** null: this person may do nothing with a selection */
  selected: boolean | null
  select: (place: number, upTo: boolean) => void
}

export const DeviceLine = memo(function DeviceLine(props: LineProps) {
  const { row, figures, shown, place, top, marked, selected, select } = props
  const router = useRouter()
  const latest = useSyncExternalStore(
    (changed) => figures.watch(row.id, changed),
    () => figures.get(row.id),
    () => figures.get(row.id),
  )
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the name is a link, and j, k and Enter move and open
    // biome-ignore lint/a11y/useFocusableInteractive: what can be done with a line is done by what stands in it
    <div
      role="row"
      aria-rowindex={place + 2}
      aria-selected={selected ?? undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => !isControl(event.target) && router.push(`/devices/${row.id}`)}
      className={classes(lineLook, marked || selected ? markedLook : 'hover:bg-raised/60', 'cursor-pointer')}
    >
      {selected !== null && <SelectCell name={row.name} selected={selected} select={(upTo) => select(place, upTo)} />}
      <div role="cell" className={classes(nameLook, selected === null && 'sm:pl-4')}>
        <Link
          href={`/devices/${row.id}`}
          prefetch={false}
          title={row.name}
          className="block truncate font-medium text-text"
        >
          {row.name}
        </Link>
      </div>
      {shown.ids.map((id) => (
        <div key={id} role="cell" className={cellLook(id, shown)}>
          {columns[id].cell(row, latest)}
        </div>
      ))}
    </div>
  )
})

const isControl = (target: EventTarget) => target instanceof Element && target.closest('a, label, input') !== null

type SelectProps = { name: string; selected: boolean; select: (upTo: boolean) => void }

/** The whole cell takes the click, because a box is a small thing to hit. */
const SelectCell = ({ name, selected, select }: SelectProps) => (
  <div role="cell" className={classes(checkLook, 'h-full')}>
    <label
      className="grid h-full cursor-pointer place-items-center"
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
    >
      <input
        type="checkbox"
        aria-label={`Select ${name}`}
        checked={selected}
        onChange={(event) => select((event.nativeEvent as MouseEvent).shiftKey === true)}
        className="size-4 accent-(--accent)"
      />
    </label>
  </div>
)
