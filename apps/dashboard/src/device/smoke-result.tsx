import type { Baseline, SmokeResult, SmokeTest } from '@tradewind/protocol'
import { Check, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge, type BadgeTone } from '../ui/badge'
import { explainTrouble } from '../words/explain-trouble'
import { percent, perSecond, realTime } from '../words/format'

const outcomes: Record<SmokeResult['outcome'], { tone: BadgeTone; icon: ReactNode; word: string; title: string }> = {
  passed: {
    tone: 'good',
    icon: <Check aria-hidden />,
    word: 'Passed',
    title: 'As good as the first device of its class',
  },
  flagged: {
    tone: 'neutral',
    icon: <TriangleAlert aria-hidden />,
    word: 'Passed, nothing to compare',
    title: 'No device of its class had answered before: its answer becomes the baseline',
  },
  failed: { tone: 'bad', icon: <X aria-hidden />, word: 'Failed', title: 'The build before serves on' },
}

type Props = { smoke: SmokeResult; test: SmokeTest | null }

/** What a build showed before it replaced another, beside what was asked of it. */
export function SmokeOutcome({ smoke, test }: Props) {
  const { outcome, code, answer, wordErrors } = smoke
  const baseline = test?.baseline ?? null
  return (
    <div className="grid gap-2 border-t pt-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">Test of the build</h3>
        <Badge {...outcomes[outcome]}>{outcomes[outcome].word}</Badge>
      </div>
      {code && (
        <p className="text-[13px]">
          {explainTrouble(code).says} <code className="font-mono text-xs text-muted">{code}</code>
        </p>
      )}
      <dl className="grid gap-1.5">
        <Row name="Writes" value={answer?.generationPerSecond} words={perSecond} asked={leastSpeed(test)} />
        <Row
          name="Hears"
          value={answer?.realTimeFactor}
          words={realTime}
          asked={null}
          than={baseline?.realTimeFactor}
        />
        <Row
          name="Words that differ"
          value={wordErrors}
          words={percent}
          asked={test && `at most ${percent(test.mostWordErrors)}`}
        />
      </dl>
      <Answers here={answer} baseline={baseline} />
    </div>
  )
}

function leastSpeed(test: SmokeTest | null): string | null {
  if (!test) return null
  const { baseline, speedShare, leastPerSecond } = test
  const least = Math.max(leastPerSecond, (baseline?.generationPerSecond ?? 0) * speedShare)
  return least > 0 ? `at least ${perSecond(least)}` : null
}

type RowProps = {
  name: string
  value: number | undefined
  words: (value: number) => string
  asked: string | null
  than?: number
}

const Row = ({ name, value, words, asked, than }: RowProps) =>
  value !== undefined && (
    <div className="flex justify-between gap-4">
      <dt className="text-muted">{name}</dt>
      <dd className="tabular text-right">
        {words(value)}
        {(asked ?? than) && (
          <span className="block text-[13px] text-muted">{asked ?? (than && `baseline ${words(than)}`)}</span>
        )}
      </dd>
    </div>
  )

const Answers = ({ here, baseline }: { here: Baseline | undefined; baseline: Baseline | null }) =>
  (here || baseline) && (
    <details className="text-[13px]">
      <summary className="inline-flex min-h-8 cursor-pointer items-center text-accent max-sm:min-h-11">
        What it answered
      </summary>
      <dl className="grid gap-2 pt-1 [overflow-wrap:anywhere]">
        {here && <Text name="This device" text={here.text} />}
        {baseline && <Text name="The first of its class" text={baseline.text} />}
      </dl>
    </details>
  )

const Text = ({ name, text }: { name: string; text: string }) => (
  <div>
    <dt className="text-muted">{name}</dt>
    <dd>{text || <span className="text-faint">nothing</span>}</dd>
  </div>
)
