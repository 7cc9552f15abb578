import type { DeviceDetail } from '@tradewind/store'
import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import { presenceOf } from '../fleet/filters'
import { Panel, Section } from '../ui/section'
import { Presence, Sync } from '../ui/state'
import { servingNames } from '../words/name-serving'

/** A fleet of one needs no totals: this is the device. */
export const OneDevice = ({ device }: { device: DeviceDetail }) => (
  <Section title="Your device">
    <Panel className="relative hover:bg-raised/40">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 px-5 py-4">
        <div className="min-w-0 flex-1 basis-48">
          <Link
            href={`/devices/${device.id}`}
            className="block truncate text-[15px] font-semibold tracking-tight after:absolute after:inset-0"
          >
            {device.name}
          </Link>
          <p className="truncate text-[13px] text-muted">{device.board ?? device.cpu ?? 'Board unknown'}</p>
        </div>
        <Presence state={presenceOf(device)} />
        <Sync state={device.sync} />
        <p className="min-w-0 basis-56 text-[13px] [overflow-wrap:anywhere]">
          {device.serving ? (
            <>
              Serves <span className="font-medium">{device.serving.label}</span>{' '}
              <span className="text-muted">({servingNames[device.serving.state].toLowerCase()})</span>
            </>
          ) : (
            <span className="text-muted">Serves no model yet</span>
          )}
        </p>
        <ArrowRight className="size-4 text-muted" aria-hidden />
      </div>
    </Panel>
  </Section>
)
