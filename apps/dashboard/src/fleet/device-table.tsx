// biome-ignore-all lint/a11y/useSemanticElements: a table of ten thousand lines cannot be drawn whole
'use client'

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import type { DeviceOrder } from '@tradewind/store'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { classes } from '../ui/classes'
import type { Indexed } from './choose'
import { columns } from './columns'
import { cellLook, checkLook, DeviceLine, lineHeights, nameLook, type ShownColumns } from './device-line'
import type { Sort } from './filters'
import { isTyping } from './is-typing'
import type { LatestFigures } from './latest-figures'
import type { Selection } from './use-selection'

type Props = {
  rows: Indexed[]
  /** of all that are wanted, here or still to come */
  total: number
  /** all are here */
  isWhole: boolean
  figures: LatestFigures
  shown: ShownColumns
  sort: Sort
  onSort: (column: DeviceOrder) => void
  /** null: this person may do nothing with it */
  selection: Selection | null
  hold: (held: boolean) => void
}

/** Draws the lines that are in sight and a few around them; the page itself scrolls. */
export function DeviceTable({ rows, total, isWhole, figures, shown, sort, onSort, selection, hold }: Props) {
  const body = useRef<HTMLDivElement>(null)
  const lines = useLines(body, Math.max(total, rows.length))
  const marked = useMarkedRow(rows, (place) => lines.scrollToIndex(place), selection)
  const latestSelection = useRef(selection)
  latestSelection.current = selection
  const select = useCallback((place: number, upTo: boolean) => latestSelection.current?.select(place, upTo), [])
  return (
    <div
      className="rounded-lg border bg-surface shadow-card"
      onPointerEnter={(event) => event.pointerType === 'mouse' && hold(true)}
      onPointerLeave={() => hold(false)}
    >
      <div role="table" aria-label="Devices" aria-rowcount={total + 1}>
        <HeaderRow shown={shown} sort={sort} onSort={onSort} selection={selection} isWhole={isWhole} />
        <div
          role="rowgroup"
          ref={body}
          className="relative overflow-clip rounded-b-lg"
          style={{ height: lines.getTotalSize() }}
        >
          {lines.getVirtualItems().map(({ index, start }) => {
            const one = rows[index]
            const top = start - lines.options.scrollMargin
            return one ? (
              <DeviceLine
                key={one.row.id}
                row={one.row}
                figures={figures}
                shown={shown}
                place={index}
                top={top}
                marked={marked === one.row.id}
                selected={selection?.has(one.row.id) ?? null}
                select={select}
              />
            ) : (
              <ComingLine key={index} top={top} />
            )
          })}
        </div>
      </div>
    </div>
  )
}

const phones = '(width < 40rem)'

function useLines(body: React.RefObject<HTMLDivElement | null>, count: number) {
  const isPhone = useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(phones)
      query.addEventListener('change', changed)
      return () => query.removeEventListener('change', changed)
    },
    () => window.matchMedia(phones).matches,
    () => false,
  )
  // What stands above the table may grow, such as devices that await approval.
  const [scrollMargin, setMargin] = useState(0)
  useLayoutEffect(() => {
    const measure = () => setMargin((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY)
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    measure()
    return () => observer.disconnect()
  }, [body])
  const height = isPhone ? lineHeights.phone : lineHeights.table
  const lines = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin,
    scrollPaddingStart: 48,
    scrollPaddingEnd: 96,
    initialRect: { width: 1440, height: 900 },
  })
  useEffect(() => lines.measure(), [height, lines])
  return lines
}

/** Its place is kept while it is on its way. */
const ComingLine = ({ top }: { top: number }) => (
  <div
    className="absolute inset-x-0 top-0 flex h-23 items-center gap-6 border-b px-4 sm:h-14"
    style={{ transform: `translateY(${top}px)` }}
    aria-hidden
  >
    <div className="skeleton h-4 w-40" />
    <div className="skeleton h-4 w-24 max-sm:hidden" />
    <div className="skeleton h-4 flex-1 max-sm:hidden" />
  </div>
)

type HeaderProps = Pick<Props, 'shown' | 'sort' | 'onSort' | 'selection' | 'isWhole'>

const HeaderRow = ({ shown, sort, onSort, selection, isWhole }: HeaderProps) => (
  <div role="rowgroup" className="sticky top-0 z-10 rounded-t-lg border-b bg-surface max-sm:sr-only">
    {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons are */}
    <div role="row" aria-rowindex={1} className="flex h-10 items-center">
      {selection && (
        <HeaderCell className={checkLook}>
          <SelectAll selection={selection} isWhole={isWhole} />
        </HeaderCell>
      )}
      <HeaderCell className={classes(nameLook, !selection && 'sm:pl-4')} order="name" sort={sort} onSort={onSort}>
        Name
      </HeaderCell>
      {shown.ids.map((id) => {
        const { name, order } = columns[id]
        return (
          <HeaderCell
            key={id}
            className={classes('flex', cellLook(id, shown))}
            order={order}
            sort={sort}
            onSort={onSort}
          >
            {name}
          </HeaderCell>
        )
      })}
    </div>
  </div>
)

type HeaderCellProps = {
  className: string
  order?: DeviceOrder | null
  sort?: Sort
  onSort?: (column: DeviceOrder) => void
  children: ReactNode
}

function HeaderCell({ className, order, sort, onSort, children }: HeaderCellProps) {
  const sorted = order != null && sort?.column === order
  const Arrow = sort?.descending ? ArrowDown : ArrowUp
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its button is
    <div
      role="columnheader"
      aria-sort={sorted ? (sort?.descending ? 'descending' : 'ascending') : undefined}
      className={className}
    >
      {order ? (
        <button
          type="button"
          onClick={() => onSort?.(order)}
          className={classes(
            'inline-flex h-8 max-w-full items-center gap-1 text-xs font-medium hover:text-text',
            sorted ? 'text-text' : 'text-muted',
          )}
        >
          <span className="truncate">{children}</span>
          {sorted && <Arrow className="size-3 shrink-0" aria-hidden />}
        </button>
      ) : (
        <span className="truncate text-xs font-medium text-muted">{children}</span>
      )}
    </div>
  )
}

/** All that match, drawn or not; before all of them are here, nobody can mean them. */
const SelectAll = ({ selection, isWhole }: { selection: Selection; isWhole: boolean }) => (
  <label className="grid h-10 cursor-pointer place-items-center">
    <input
      type="checkbox"
      aria-label="Select all that match"
      title="Select all that match"
      checked={selection.all}
      disabled={!isWhole}
      ref={(box) => {
        if (box) box.indeterminate = selection.count > 0 && !selection.all
      }}
      onChange={selection.toggleAll}
      className="size-4 accent-(--accent)"
    />
  </label>
)

/** The row that j and k move, x selects and Enter opens, by the id of its device. */
function useMarkedRow(rows: Indexed[], show: (place: number) => void, selection: Selection | null): string | null {
  const router = useRouter()
  const [marked, setMarked] = useState<string | null>(null)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event)) return
      const at = marked === null ? -1 : rows.findIndex(({ row }) => row.id === marked)
      if (event.key === 'Enter' && at >= 0 && event.target === document.body) router.push(`/devices/${marked}`)
      if (event.key === 'x' && at >= 0) selection?.select(at, false)
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0
      const place = Math.max(0, at + step)
      const next = step === 0 ? undefined : rows[place]
      if (!next) return
      setMarked(next.row.id)
      show(place)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  })
  return marked
}
