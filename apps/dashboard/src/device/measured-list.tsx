import type { Speed } from '@tradewind/fleet'
import type { BuildMeasured } from '@tradewind/protocol'
import type { ReactNode } from 'react'
import { Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { bytes, celsius, perSecond, realTime, seconds } from '../words/format'
import type { Predictions } from './predict'

type Props = { measured: BuildMeasured[]; predictions: Predictions }

/** What the device measured of its builds, each figure beside what had been expected of it. */
export const MeasuredList = ({ measured, predictions }: Props) =>
  measured.length > 0 && (
    <Section title="Measured here" hint="By this device, after loading; beside it what was known before.">
      <Panel className="divide-y">
        {measured.map((one) => (
          <Build key={one.build} one={one} predicted={predictions[one.build]} />
        ))}
      </Panel>
    </Section>
  )

/** A figure that was there before the device measured: of which kind it is, and from what. */
const origins: Record<Speed['from'], { kind: string; from: string }> = {
  computed: { kind: 'predicted', from: 'from the bandwidth of its memory, and what its cores can do' },
  published: { kind: 'published', from: 'for this hardware, scaled to the bits of this build' },
  measured: { kind: 'measured', from: 'by a device of this class' },
  unknown: { kind: 'predicted', from: 'from nothing that is known' },
}

function Build({ one, predicted }: { one: BuildMeasured; predicted: Predictions[string] | undefined }) {
  const { build, at, engine } = one
  const origin = origins[predicted?.from ?? 'unknown']
  return (
    <div className="grid gap-2 px-5 py-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="font-mono text-[13px] font-medium">{build}</h3>
        <span className="text-[13px] text-muted">
          <Ago atMs={at} />
        </span>
      </div>
      <dl className="grid gap-1.5">
        <Figure name="Writes" value={one.generationPerSecond} words={perSecond}>
          <Expected value={predicted?.generationPerSecond} words={perSecond} {...origin} />
        </Figure>
        <Figure name="Reads" value={one.promptPerSecond} words={perSecond}>
          <Expected value={predicted?.promptPerSecond} words={perSecond} {...origin} />
        </Figure>
        <Figure name="Hears" value={one.realTimeFactor} words={realTime} />
        <Figure name="Memory" value={one.residentBytes} words={bytes}>
          <Expected value={one.estimatedBytes} words={bytes} kind="predicted" from="from the shape of the model" />
        </Figure>
        <Figure name="Loads in" value={one.loadMs} words={seconds} />
        <Figure name="Temperature" value={one.temperatureAfterC} words={celsius}>
          {one.temperatureBeforeC !== undefined && (
            <span className="text-muted">from {celsius(one.temperatureBeforeC)}</span>
          )}
        </Figure>
      </dl>
      <p className="text-[13px] text-muted" title={engine.commit ? `commit ${engine.commit}` : undefined}>
        {engine.name} {engine.version}
      </p>
    </div>
  )
}

type FigureProps = { name: string; value: number | undefined; words: (value: number) => string; children?: ReactNode }

const Figure = ({ name, value, words, children }: FigureProps) => (
  <div className="flex justify-between gap-4">
    <dt className="text-muted">{name}</dt>
    <dd className="tabular grid justify-items-end text-right">
      {value === undefined ? <span className="text-faint">not measured</span> : <span>{words(value)}</span>}
      {children}
    </dd>
  </div>
)

type ExpectedProps = { value: number | undefined; words: (value: number) => string; kind: string; from: string }

const Expected = ({ value, words, kind, from }: ExpectedProps) =>
  value !== undefined && (
    <span className="text-[13px] text-muted">
      {kind}{' '}
      <span className="underline decoration-dotted underline-offset-4" title={from}>
        {words(value)}
      </span>
      <span className="sr-only">{from}</span>
    </span>
  )
