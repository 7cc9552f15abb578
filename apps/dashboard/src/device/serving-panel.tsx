import type { Serving, ServingState as State } from '@tradewind/protocol'
import { Check, CircleDashed, Clock, FlaskConical, LoaderCircle, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge, type BadgeTone } from '../ui/badge'
import { Notice } from '../ui/notice'
import { Panel, Section } from '../ui/section'
import { For, Until } from '../ui/time'
import { explainFailure, servingMeanings, servingNames } from '../words/name-serving'

const looks: Record<State, { tone: BadgeTone; icon: ReactNode }> = {
  cold: { tone: 'neutral', icon: <CircleDashed aria-hidden /> },
  loading: { tone: 'attention', icon: <LoaderCircle aria-hidden /> },
  ready: { tone: 'good', icon: <Check aria-hidden /> },
  draining: { tone: 'attention', icon: <Clock aria-hidden /> },
  failed: { tone: 'bad', icon: <X aria-hidden /> },
}

export const ServingState = ({ state }: { state: State }) => (
  <Badge {...looks[state]} title={servingMeanings[state]}>
    {servingNames[state]}
  </Badge>
)

/** What the device serves. Of one that is away this is the last it said, and what it does now is not known. */
export const ServingPanel = ({ serving, online }: { serving: Serving | null; online: boolean }) => (
  <Section title="Serving" actions={serving && online && <ServingState state={serving.state} />}>
    <Panel className="grid gap-3 p-5">
      {serving ? <Served serving={serving} online={online} /> : <p className="text-muted">No model is served yet.</p>}
    </Panel>
  </Section>
)

const Served = ({
  serving: { label, build, demo, state, since, engine, failure },
  online,
}: {
  serving: Serving
  online: boolean
}) => (
  <>
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="font-medium [overflow-wrap:anywhere]">{label}</span>
      {demo && <Demo />}
    </div>
    {!online && <p className="text-muted">The last it said: it is not online now.</p>}
    <dl className="grid gap-1.5">
      <Row name="Build">
        <code className="font-mono text-[13px]">{build}</code>
      </Row>
      <Row name="Engine">
        {engine ? (
          <span title={engine.commit ? `commit ${engine.commit}` : undefined}>
            {engine.name} {engine.version}
          </span>
        ) : (
          <span className="text-faint">unknown until it is ready</span>
        )}
      </Row>
      {online && (
        <Row name={servingNames[state]}>
          <For sinceMs={since} />
        </Row>
      )}
    </dl>
    {failure && (
      <Notice tone="bad" title={explainFailure(failure.code)}>
        {failure.retryAt === null ? (
          'It was given up: a person has to look.'
        ) : (
          <>
            It is tried again <Until atMs={failure.retryAt} />.
          </>
        )}{' '}
        <code className="font-mono text-xs text-muted">{failure.code}</code>
      </Notice>
    )}
  </>
)

/** Shown wherever the demo's model is: it must never be taken for the real one. */
export const Demo = () => (
  <Badge
    tone="attention"
    icon={<FlaskConical aria-hidden />}
    title="A tiny model that shows the way and is for nothing else"
  >
    Demo
  </Badge>
)

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex justify-between gap-4">
    <dt className="text-muted">{name}</dt>
    <dd className="tabular min-w-0 text-right [overflow-wrap:anywhere]">{children}</dd>
  </div>
)
