'use client'

import type { DeviceRow } from '@tradewind/store'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { classes } from '../ui/classes'
import { columns, DeviceLine, lineId } from './device-line'
import type { Sort } from './filters'
import { isTyping } from './is-typing'
import type { LatestFigures } from './latest-figures'

type Props = { devices: DeviceRow[]; figures: LatestFigures; sort: Sort; onSort: (column: Sort['column']) => void }

/** One page of devices, few enough to be drawn whole: the browser scrolls it, finds in it, and prints it. */
export function DeviceTable({ devices, figures, sort, onSort }: Props) {
  const marked = useMarkedRow(devices)
  return (
    <div className="overflow-clip rounded-lg border bg-surface shadow-card">
      <table aria-label="Devices" className="w-full table-fixed max-sm:block">
        <HeaderRow sort={sort} onSort={onSort} />
        <tbody className="divide-y max-sm:block">
          {devices.map((device) => (
            <DeviceLine key={device.id} device={device} figures={figures} marked={marked === device.id} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const HeaderRow = ({ sort, onSort }: Pick<Props, 'sort' | 'onSort'>) => (
  <thead className="max-sm:sr-only">
    <tr>
      {columns.map(({ id, name, className }) => {
        const sorted = sort.column === id
        const Arrow = sort.descending ? ArrowDown : ArrowUp
        return (
          <th
            key={id}
            scope="col"
            aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
            className={classes(
              'sticky top-0 z-10 h-10 bg-surface px-2 text-left font-normal shadow-[inset_0_-1px_var(--line)] first:pl-4 last:pr-4',
              className,
            )}
          >
            <button
              type="button"
              onClick={() => onSort(id)}
              className={classes(
                'inline-flex h-8 max-w-full items-center gap-1 text-xs font-medium hover:text-text',
                sorted ? 'text-text' : 'text-muted',
              )}
            >
              <span className="truncate">{name}</span>
              {sorted && <Arrow className="size-3 shrink-0" aria-hidden />}
            </button>
          </th>
        )
      })}
    </tr>
  </thead>
)

/** The row that j and k move and Enter opens, by the id of its device. */
function useMarkedRow(devices: DeviceRow[]): string | null {
  const router = useRouter()
  const [marked, setMarked] = useState<string | null>(null)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event)) return
      const at = devices.findIndex(({ id }) => id === marked)
      if (event.key === 'Enter' && at >= 0 && event.target === document.body) router.push(`/devices/${marked}`)
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0
      const next = step === 0 ? undefined : devices[Math.max(0, at + step)]
      if (!next) return
      setMarked(next.id)
      document.getElementById(lineId(next.id))?.scrollIntoView({ block: 'nearest' })
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  })
  return marked
}
