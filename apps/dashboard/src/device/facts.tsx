'use client'

import type { Unreadable } from '@tradewind/protocol'
import type { DeviceDetail } from '@tradewind/store'
import { RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'
import { ProblemNotice } from '../ui/notice'
import { Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { explainUnreadable } from '../words/explain-unreadable'
import { askDevice } from './ask-device'
import { type FactGroup, listFacts, partOf } from './list-facts'

type Props = { device: DeviceDetail; online: boolean; mayAsk: boolean; probed: () => void }

export function FactList({ device: { id, report, deviceClass }, online, mayAsk, probed }: Props) {
  const { pending, problem, start } = useDeed(() => askDevice(id, { kind: 'probe' }), probed)
  return (
    <Section
      title="Capability"
      hint={report && <ReportHint atMs={report.atMs} deviceClass={deviceClass} />}
      actions={
        mayAsk && (
          <Button
            size="small"
            pending={pending}
            disabled={!online}
            title={online ? undefined : 'Possible while the device is online'}
            onClick={() => start()}
          >
            {!pending && <RefreshCw aria-hidden />}
            Probe again
          </Button>
        )
      }
    >
      <ProblemNotice problem={problem} className="mb-3" />
      <Panel>
        {report ? (
          <div className="divide-y">
            {listFacts(report.facts, report.unreadable).map((group) => (
              <Group key={group.fact} group={group} />
            ))}
          </div>
        ) : (
          <p className="px-5 py-8 text-center text-muted">
            Not known yet. The device sends its capability report when it first connects.
          </p>
        )}
      </Panel>
    </Section>
  )
}

const ReportHint = ({ atMs, deviceClass }: { atMs: number; deviceClass: string | null }) => (
  <>
    Reported <Ago atMs={atMs} />
    {deviceClass && (
      <>
        {' '}
        · class <code className="font-mono text-xs">{deviceClass}</code>
      </>
    )}
  </>
)

const Group = ({ group: { title, lines, unreadable } }: { group: FactGroup }) => (
  <div className="grid gap-x-6 gap-y-2 px-5 py-4 md:grid-cols-[9rem_minmax(0,1fr)]">
    <h3 className="font-medium">{title}</h3>
    <dl className="grid gap-1.5">
      {lines.map(({ name, value }) => (
        <Row key={name} name={name}>
          {value}
        </Row>
      ))}
      {unreadable.map((one) => (
        <Row key={one.fact} name={partOf(one)}>
          <NotReadable one={one} />
        </Row>
      ))}
      {lines.length === 0 && unreadable.length === 0 && (
        <Row name={null}>
          <span className="text-faint">unknown: the agent did not report it</span>
        </Row>
      )}
    </dl>
  </div>
)

const Row = ({ name, children }: { name: string | null; children: ReactNode }) => (
  <div className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 sm:grid-cols-[9rem_minmax(0,1fr)]">
    <dt className={name === null ? 'sr-only' : 'truncate text-muted'} title={name ?? undefined}>
      {name ?? 'The whole'}
    </dt>
    <dd className={`tabular min-w-0 [overflow-wrap:anywhere] ${name === null ? 'col-span-2' : ''}`}>{children}</dd>
  </div>
)

const NotReadable = ({ one }: { one: Unreadable }) => (
  <span className="hatched -mx-1 rounded px-1 text-unknown" title={`${one.code}: ${one.detail}`}>
    {explainUnreadable(one)}
  </span>
)
