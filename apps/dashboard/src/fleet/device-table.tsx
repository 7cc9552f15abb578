'use client'

import { useTable } from '@tanstack/react-table'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import type { DeviceRow } from '@tradewind/store'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { classes } from '../ui/classes'
import { columnsOf, features } from './columns'
import { cells, DeviceLine, rowGrid } from './device-line'
import type { Filters } from './filters'
import { isTyping } from './is-typing'
import type { LatestFigures } from './latest-figures'
import { useMedia } from './use-media'

type Props = {
  devices: DeviceRow[]
  shown: ReadonlySet<DeviceRow>
  figures: LatestFigures
  sort: Filters['sort']
  onSort: (sort: Filters['sort']) => void
}

const rowHeight = { wide: 56, phone: 96 }

/**
 * Only the rows in sight are drawn, so ten thousand scroll like ten. All devices are put in order, shown or not:
 * a filter then only picks, which keeps typing fast.
 */
export function DeviceTable({ devices, shown, figures, sort, onSort }: Props) {
  const columns = useMemo(() => columnsOf(figures), [figures])
  const sorting = useMemo(() => [{ id: sort.column, desc: sort.descending }], [sort.column, sort.descending])
  const table = useTable({ features, columns, data: devices, state: { sorting }, getRowId: (device) => device.id })
  const sorted = table.getRowModel().rows
  const rows = useMemo(() => sorted.filter(({ original }) => shown.has(original)), [sorted, shown])

  const phone = useMedia('(max-width: 639px)')
  const list = useRef<HTMLDivElement>(null)
  const top = useTop(list)
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (phone ? rowHeight.phone : rowHeight.wide),
    overscan: 8,
    scrollMargin: top,
    initialRect: { width: 0, height: 900 },
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  // Rows of another height must be measured anew.
  useEffect(() => virtual.measure(), [phone])
  const marked = useMarkedRow(rows, (index) => virtual.scrollToIndex(index, { align: 'auto' }))

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list cannot be a table element
    <div
      role="table"
      aria-label="Devices"
      aria-rowcount={rows.length + 1}
      className="overflow-clip rounded-lg border bg-surface shadow-card"
    >
      <HeaderRow sort={sort} onSort={onSort} />
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="rowgroup" ref={list} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, size, start }) => {
          const device = rows[index]?.original
          return (
            device && (
              <DeviceLine
                key={key}
                device={device}
                figures={figures}
                index={index}
                marked={marked === device.id}
                phone={phone}
                height={size}
                offset={start - top}
              />
            )
          )
        })}
      </div>
    </div>
  )
}

const HeaderRow = ({ sort, onSort }: Pick<Props, 'sort' | 'onSort'>) => (
  // biome-ignore lint/a11y/useSemanticElements: see DeviceTable
  <div
    role="row"
    aria-rowindex={1}
    tabIndex={-1}
    className={classes(rowGrid, 'sticky top-0 z-10 h-10 border-b bg-surface px-4 max-sm:hidden')}
  >
    {cells.map(({ id, name, className }) => {
      const sorted = sort.column === id
      const Arrow = sort.descending ? ArrowDown : ArrowUp
      return (
        // biome-ignore lint/a11y/useSemanticElements: see DeviceTable
        <div
          key={id}
          role="columnheader"
          tabIndex={-1}
          aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
          className={className}
        >
          <button
            type="button"
            onClick={() => onSort({ column: id, descending: sorted && !sort.descending })}
            className={classes(
              'group inline-flex h-8 max-w-full items-center gap-1 text-xs font-medium hover:text-text',
              sorted ? 'text-text' : 'text-muted',
            )}
          >
            <span className="truncate">{name}</span>
            {sorted && <Arrow className="size-3 shrink-0" aria-hidden />}
          </button>
        </div>
      )
    })}
  </div>
)

/** How far down the page an element begins, in pixels. What stands above it may grow or go, which resizes the page. */
function useTop(element: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const measure = () => setTop((element.current?.getBoundingClientRect().top ?? 0) + window.scrollY)
    const resize = new ResizeObserver(measure)
    resize.observe(document.body)
    measure()
    return () => resize.disconnect()
  }, [element])
  return top
}

/** The row that j and k move and Enter opens, by the id of its device. */
function useMarkedRow(rows: { id: string }[], show: (index: number) => void): string | null {
  const router = useRouter()
  const [marked, setMarked] = useState<string | null>(null)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event)) return
      const at = rows.findIndex(({ id }) => id === marked)
      if (event.key === 'Enter' && marked && event.target === document.body) router.push(`/devices/${marked}`)
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0
      const next = step === 0 ? undefined : rows[Math.max(0, at + step)]
      if (!next) return
      setMarked(next.id)
      show(Math.max(0, at + step))
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  })
  return marked
}
