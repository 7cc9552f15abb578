'use client'

import { History, Info, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { Basis, Decided } from '../server/decision'
import { Badge } from '../ui/badge'
import { classes } from '../ui/classes'
import { Notice, ProblemNotice } from '../ui/notice'
import { Panel as Box, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { explainActor } from '../words/explain-audit'
import { bytes, count, perSecond, realTime } from '../words/format'
import { causeNames } from '../words/name-assignment'
import { AgainstList } from './against-list'
import { CandidateTable } from './candidate-table'
import { ContextSlider } from './context-slider'
import { contextSteps } from './context-steps'
import { MemoryBar } from './memory-bar'
import { From, Known } from './origin'
import type { Gift, Panel, Subject } from './panel'
import { useWhatIf } from './use-what-if'

/** What the page needs of a decision: the panel is the decision, shaped. */
export type Shown = Omit<Decided, 'decision'>
type Props = { name: string; decided: Shown | null; revoked: boolean }

/** Why the device runs what it runs: the choice, what it gives, what it gives up, and every other candidate. */
export const DecisionSection = ({ name, decided, revoked }: Props) => (
  <Section title="Why this model" hint={hintOf(name, decided)}>
    {decided?.panel ? (
      <Decision name={name} deviceId={decided.deviceId} panel={decided.panel} basis={decided.basis} />
    ) : (
      <Undecided name={name} decided={decided} revoked={revoked} />
    )}
  </Section>
)

function hintOf(name: string, decided: Shown | null): ReactNode {
  if (!decided?.panel) return null
  if (decided.workload === null) return `No workload selects ${name}. What fits it is shown all the same.`
  return (
    <>
      Decided now for the workload{' '}
      <Link href="/workloads" className="text-accent underline underline-offset-2">
        {decided.workload}
      </Link>
      , {count(decided.panel.ownContext)} tokens of context.
    </>
  )
}

const Undecided = ({ name, decided, revoked }: Props) => (
  <Box className="p-5">
    {decided && decided.tied.length > 0 ? (
      <Notice tone="attention" title={`${decided.tied.join(' and ')} want ${name} with the same priority`}>
        Nothing is decided until one of them has another priority, or selects other labels.{' '}
        <Link href="/workloads" className="text-accent underline underline-offset-2">
          Show the workloads
        </Link>
      </Notice>
    ) : (
      <p className="text-muted">
        {revoked
          ? `${name} is revoked: nothing is placed on it any more.`
          : `Nothing can be said yet: ${name} has not sent its capability report.`}
      </p>
    )}
  </Box>
)

type DecisionProps = { name: string; deviceId: string; panel: Panel; basis: Basis | null }

function Decision({ name, deviceId, panel: known, basis }: DecisionProps) {
  const { panel, context, pending, problem, choose } = useWhatIf(deviceId, known)
  const { subject } = panel
  const isAsked = known.outcome !== null
  const fading = classes('transition-opacity', pending && 'opacity-60 delay-150')
  return (
    <Box>
      <div className="grid gap-2 border-b p-5">
        <h3 className="text-pretty text-base font-semibold [overflow-wrap:anywhere]">{sentenceOf(name, known)}</h3>
        {known.words && <Grounds words={known.words} isRefused={known.outcome === 'refused'} />}
        <Since basis={basis} panel={known} />
      </div>
      {!subject && panel.has !== null && (
        <p className="border-b px-5 py-4 text-muted">
          The catalogue does not know <code className="font-mono text-[13px]">{panel.has}</code>, so nobody can say what
          it gives and gives up. What was measured of it stands below.
        </p>
      )}
      {subject && (
        <div
          className={classes('grid divide-y border-b lg:grid-cols-2 lg:divide-x lg:divide-y-0', fading)}
          aria-busy={pending}
        >
          <div className="min-w-0 p-5">
            <Given subject={subject} />
          </div>
          <div className="min-w-0 p-5">
            <h3 className="mb-3 font-semibold">What you give up</h3>
            <AgainstList against={panel.against} name={subject.variant} />
          </div>
        </div>
      )}
      <div className="grid gap-1 border-b px-5 py-4">
        <ContextSlider
          steps={contextSteps(known.mostContext, known.ownContext)}
          context={context}
          ownContext={known.ownContext}
          longest={(known.subject ?? known.candidates[0])?.longest ?? null}
          own={isAsked ? 'asked' : known.subject ? 'held' : 'usual'}
          choose={choose}
        />
        <p className={classes('min-h-10 text-pretty [overflow-wrap:anywhere]', fading)} aria-live="polite">
          {context === known.ownContext ? (
            <span className="text-muted">Drag to see what another context would give. It changes nothing.</span>
          ) : (
            panel.words?.choice
          )}
        </p>
        <ProblemNotice problem={problem} />
      </div>
      <div className={fading} aria-busy={pending} data-context={panel.context}>
        <CandidateTable rows={panel.candidates} before={known.candidates} />
      </div>
      {known.words && <InFull words={known.words} />}
    </Box>
  )
}

function sentenceOf(name: string, { words, subject, has }: Panel): string {
  if (words) return words.choice
  if (subject === null && has !== null) return `${name} has ${has}, which no workload asked for.`
  return subject
    ? `${name} has ${subject.variant}, which no workload asked for.`
    : `${name} has no model, and no workload asks for one.`
}

type GroundsProps = { words: NonNullable<Panel['words']>; isRefused: boolean }

/** The first reasons, which are where it fits and how fast it is; and what would be next. */
const Grounds = ({ words: { because, runnerUp }, isRefused }: GroundsProps) => (
  <p className="text-pretty text-muted [overflow-wrap:anywhere]">
    {because.length > 0 && `${isRefused ? '' : 'It '}${because.slice(0, 3).join('; ')}. `}
    {runnerUp !== null && `Next best: ${runnerUp}.`}
  </p>
)

/** What the newest assignment rests on, and whether that still holds. */
function Since({ basis, panel: { outcome, has } }: { basis: Basis | null; panel: Panel }) {
  if (!basis)
    return (
      <p className="text-[13px] text-muted">
        Nothing was ever assigned to it{has !== null && ': what it has it chose by itself'}.
      </p>
    )
  const who = explainActor(basis.actor).name
  return (
    <>
      <p className="flex items-start gap-x-1.5 text-[13px] text-muted">
        <History className="mt-[3px] size-3.5 shrink-0" aria-hidden />
        <span>
          Revision {basis.revision}, {causeNames[basis.cause].toLowerCase()} by {who}, <Ago atMs={basis.atMs} />
          {basis.differs?.length === 0 && ': all that counts is as it was then'}
          {basis.differs === null && outcome !== null && ': a person chose this build'}.
        </span>
      </p>
      {basis.differs && basis.differs.length > 0 && (
        <Differs lines={basis.differs} revision={basis.revision} matters={outcome !== 'keep' && outcome !== 'assign'} />
      )}
    </>
  )
}

const fewDifferences = 4

type DiffersProps = { lines: string[]; revision: number /** it leads to another build */; matters: boolean }

function Differs({ lines, revision, matters }: DiffersProps) {
  const [shown, rest] = [lines.slice(0, fewDifferences), lines.slice(fewDifferences)]
  return (
    <div className={classes('rounded-md px-4 py-3 text-[13px]', matters ? 'bg-attention-soft' : 'bg-raised')}>
      <p className={classes('flex items-center gap-2 font-medium', matters && 'text-attention')}>
        {matters ? <TriangleAlert className="size-4" aria-hidden /> : <Info className="size-4" aria-hidden />}
        Otherwise now than when revision {revision} was decided
      </p>
      <ul className="mt-1 list-disc pl-9 [overflow-wrap:anywhere]">
        {shown.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {rest.length > 0 && (
        <details className="pl-6">
          <summary className="cursor-pointer text-muted">and {rest.length} more</summary>
          <ul className="list-disc pl-3">
            {rest.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

const Given = ({ subject }: { subject: Subject }) => (
  <>
    <h3 className="mb-3 font-semibold">What it gives</h3>
    <p className="text-lg font-semibold tracking-tight">
      {subject.variant} <span className="font-normal text-muted">{subject.quantisation}</span>
    </p>
    <p className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-muted">
      <code className="font-mono [overflow-wrap:anywhere]">{subject.build}</code>
      <span>{subject.engine}</span>
      {subject.demo && <Badge tone="attention">Demo: for nothing else</Badge>}
    </p>
    <dl className="mb-5 grid gap-2">
      <Line name="Context">
        <span className="block">
          {count(subject.context)} tokens{subject.slots > 1 && `, ${subject.slots} requests at once`}
        </span>
        <span className="block text-[13px] text-muted">
          {subject.longest > 0 ? (
            <>
              room for <From origin="computed">{count(subject.longest)} tokens</From>
            </>
          ) : (
            'no room for any'
          )}
          {subject.cacheType && `, cache ${subject.cacheType}`}
        </span>
      </Line>
      {subject.gifts.map((gift) => (
        <GiftLine key={gift.name} gift={gift} />
      ))}
      <Line name="Takes in">
        {[subject.hears && 'speech', subject.sees && 'images', 'text'].filter(Boolean).join(', ')}
      </Line>
      <Line name="Memory">
        {subject.needBytes === null ? (
          <span className="text-faint">unknown</span>
        ) : (
          <>
            <From origin="computed">{bytes(subject.needBytes)}</From>
            {subject.haveBytes !== null && <span className="text-muted"> of {bytes(subject.haveBytes)} usable</span>}
          </>
        )}
        {subject.held && (
          <span className="block text-[13px] text-muted">
            held {bytes(subject.held.bytes)} when it measured, <Ago atMs={subject.held.atMs} />
          </span>
        )}
      </Line>
    </dl>
    <div className="min-h-20">
      {subject.parts ? (
        <MemoryBar parts={subject.parts} />
      ) : (
        <p className="text-[13px] text-muted [overflow-wrap:anywhere]">
          {subject.reasons[0] ? `It would not fit now: ${subject.reasons[0].says}.` : 'Its memory is not known.'}
        </p>
      )}
    </div>
  </>
)

const gifts: Record<Gift['name'], { title: string; words: (value: number) => string }> = {
  writes: { title: 'Writes', words: perSecond },
  reads: { title: 'Reads', words: perSecond },
  hearing: { title: 'Hears', words: realTime },
}

function GiftLine({ gift: { name, measured, predicted } }: { gift: Gift }) {
  const { title, words } = gifts[name]
  return (
    <Line name={title}>
      {measured !== null ? <From origin="here">{words(measured)}</From> : <Known figure={predicted} words={words} />}
      <span className="block text-[13px] text-muted">
        {measured === null ? (
          predicted ? (
            'not measured here yet'
          ) : (
            'nobody has measured or published it'
          )
        ) : predicted ? (
          <>
            measured here; <Known figure={predicted} words={words} />{' '}
            {predicted.from === 'published' ? 'published' : 'predicted'}
          </>
        ) : (
          'measured here'
        )}
      </span>
    </Line>
  )
}

const Line = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4">
    <dt className="text-muted">{name}</dt>
    <dd className="tabular">{children}</dd>
  </div>
)

/** Everything that the decision rests on, in the words that the command line has too. */
const InFull = ({ words }: { words: NonNullable<Panel['words']> }) => (
  <details className="border-t px-5 py-3">
    <summary className="inline-flex min-h-8 cursor-pointer items-center text-accent max-sm:min-h-11">
      What the decision rests on
    </summary>
    <div className="grid gap-4 pb-2 pt-2 [overflow-wrap:anywhere] md:grid-cols-2">
      <List title="Reasons" lines={words.because} />
      <List title="What the policy rests on" lines={words.claims} />
      <List title="Runner-up" lines={words.runnerUp === null ? [] : [words.runnerUp]} />
      <List title="The other policy" lines={[words.other]} />
    </div>
  </details>
)

const List = ({ title, lines }: { title: string; lines: string[] }) =>
  lines.length > 0 && (
    <div>
      <h4 className="mb-1 font-medium">{title}</h4>
      <ul className="grid list-disc gap-1 pl-5 text-[13px] text-muted">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  )
