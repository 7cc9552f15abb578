import { syncStates } from '@tradewind/fleet'
import type { FleetTotals } from '@tradewind/store'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { shownPresences } from '../fleet/filters'
import { Panel, Section } from '../ui/section'
import { Presence, Sync } from '../ui/state'
import { bytes, count } from '../words/format'
import type { VariantTotal } from './totals'

type Line = { key: string; name: ReactNode; devices: number; href: string | null; hint?: string }

const classesShown = 6
/** Of a Raspberry Pi: it tells boards apart that do not differ. */
const revision = /( Model [AB])? Rev [\d.]+$/

/** How many devices there are of each kind; each line leads to them. */
export function FleetTotalsPanel({ totals, variants }: { totals: FleetTotals; variants: VariantTotal[] }) {
  const presences = shownPresences.flatMap((state): Line[] => {
    const devices = totals.byPresence[state]
    return devices
      ? [{ key: state, name: <Presence state={state} />, devices, href: `/devices?presence=${state}` }]
      : []
  })
  const syncs = syncStates.flatMap((state): Line[] => {
    const devices = totals.bySync[state]
    return devices ? [{ key: state, name: <Sync state={state} />, devices, href: `/devices?sync=${state}` }] : []
  })
  const serving = variants.map(({ variant, name, devices, ready }): Line => {
    const hint = name === 'Nothing' ? undefined : readyWords(ready, devices)
    return { key: name, name, devices, href: variant && `/devices?variant=${variant}`, ...(hint && { hint }) }
  })
  const classes = totals.byClass.slice(0, classesShown).map(
    ({ deviceClass, board, memoryBytes, devices }): Line => ({
      key: deviceClass,
      name: board === null ? 'Board unknown' : board.replace(revision, ''),
      devices,
      href: `/devices?class=${encodeURIComponent(deviceClass)}`,
      ...(memoryBytes !== null && { hint: bytes(memoryBytes) }),
    }),
  )
  const more = totals.byClass.length - classes.length
  return (
    <Section title={`The fleet: ${count(totals.devices)} ${totals.devices === 1 ? 'device' : 'devices'}`}>
      <Panel className="grid gap-px overflow-hidden bg-line sm:grid-cols-2 xl:grid-cols-4">
        <Column title="Presence" lines={presences} of={totals.devices} />
        <Column title="Sync" lines={syncs} of={totals.devices} />
        <Column title="Serving" lines={serving} of={totals.devices} />
        <Column
          title="Device class"
          lines={classes}
          of={totals.devices}
          more={more > 0 ? `and ${count(more)} more ${more === 1 ? 'class' : 'classes'}` : null}
        />
      </Panel>
    </Section>
  )
}

const readyWords = (ready: number, devices: number) =>
  ready === devices ? 'all ready' : ready === 0 ? 'none ready' : `${count(ready)} ready`

type ColumnProps = { title: string; lines: Line[]; of: number; more?: string | null }

const Column = ({ title, lines, of, more = null }: ColumnProps) => (
  <div className="min-w-0 bg-surface p-4">
    <h3 className="mb-2 text-[13px] font-medium text-muted">{title}</h3>
    {lines.length === 0 && <p className="text-faint">Nothing is known yet.</p>}
    <ul className="-mx-2 grid">
      {lines.map(({ key, name, devices, href, hint }) => {
        const content = (
          <>
            <span className="flex min-h-6 items-center justify-between gap-3">
              <span className="flex min-w-0 items-baseline gap-2">
                <span className="truncate" title={typeof name === 'string' ? name : undefined}>
                  {name}
                </span>
                {hint && <span className="tabular shrink-0 text-xs text-muted">{hint}</span>}
              </span>
              <span className="tabular font-medium">{count(devices)}</span>
            </span>
            <span className="mt-1 block h-1 overflow-hidden rounded-full bg-raised" aria-hidden>
              <span
                className="block h-full rounded-full bg-line-strong"
                style={{ width: `${Math.max(1, (devices / of) * 100)}%` }}
              />
            </span>
          </>
        )
        const look = 'block rounded-md px-2 py-1.5'
        return (
          <li key={key}>
            {href ? (
              <Link href={href} prefetch={false} className={`${look} hover:bg-raised`}>
                {content}
              </Link>
            ) : (
              <span className={look}>{content}</span>
            )}
          </li>
        )
      })}
    </ul>
    {more && <p className="mt-1 text-[13px] text-muted">{more}</p>}
  </div>
)
