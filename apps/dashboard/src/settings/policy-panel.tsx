import { defaults, policyNames } from '@tradewind/fleet'
import type { Catalogue, PolicyName, UseCase } from '@tradewind/protocol'
import Link from 'next/link'
import { Panel, Section } from '../ui/section'
import { count, percent } from '../words/format'

const useCaseNames: Record<UseCase, string> = {
  'known-corpus-qa': 'Questions on known documents',
  code: 'Code',
  'long-document-retrieval': 'Finding things in long documents',
  transcription: 'Transcription',
  'commercial-at-scale': 'Commercial service at scale',
  'on-device-translation': 'Translation on the device',
  'lightweight-multimodal': 'Images on small machines',
  'high-stakes-reasoning': 'High-stakes reasoning',
}

const tolerances = { any: 'any', low: 'low' } as const

/** What placement goes by where a workload does not say otherwise, and its matrix. It is changed by the catalogue. */
export const PolicyPanel = ({ rules }: Pick<Catalogue, 'rules'>) => (
  <Section
    title="Placement policy"
    hint="What counts where a workload does not say otherwise. It is part of Tradewind; rules are added with the catalogue."
  >
    <Panel>
      <dl className="grid gap-x-8 gap-y-3 p-5 sm:grid-cols-2">
        <Term name="Matrix">{capital(policyNames[defaults.policy])}</Term>
        <Term name="Changes a serving device">
          Proposed from a gain of {percent(defaults.gainToChange)} on; never done unasked
        </Term>
        <Term name="Requests at once">{defaults.slots}</Term>
        <Term name="Tolerance for hallucination">{tolerances[defaults.hallucination]}</Term>
      </dl>
      <details className="border-t px-5 py-3">
        <summary className="cursor-pointer py-1 font-medium">The matrix: which variants serve which use</summary>
        <div className="overflow-x-auto">
          <table className="mt-2 w-full min-w-[560px] text-left">
            <thead>
              <tr className="border-b text-[13px] text-muted">
                <th scope="col" className="py-2 pr-4 font-medium">
                  Use
                </th>
                <th scope="col" className="py-2 pr-4 font-medium">
                  Context
                </th>
                <th scope="col" className="py-2 pr-4 font-medium">
                  By the evidence
                </th>
                <th scope="col" className="py-2 font-medium">
                  By the article
                </th>
              </tr>
            </thead>
            <tbody>
              {rowsOf(rules).map(({ useCase, context, evidence, article }) => (
                <tr key={`${useCase} ${context}`} className="border-b last:border-0">
                  <th scope="row" className="py-2 pr-4 font-normal">
                    {useCaseNames[useCase]}
                  </th>
                  <td className="tabular py-2 pr-4 text-muted">{context}</td>
                  <td className="py-2 pr-4">{evidence}</td>
                  <td className="py-2">{article}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className="mt-3 text-[13px] text-muted">
          What each rests on stands in the{' '}
          <Link href="/models" className="text-accent underline underline-offset-2">
            trade-off matrix
          </Link>
          .
        </p>
      </details>
    </Panel>
  </Section>
)

const Term = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt className="text-[13px] text-muted">{name}</dt>
    <dd>{children}</dd>
  </div>
)

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

type Rules = Catalogue['rules']

/** One row for each use and bounds that either policy has. */
function rowsOf(rules: Rules) {
  const keyOf = ({ useCase, from, below }: Rules[number]) => `${useCase} ${from ?? 0} ${below ?? ''}`
  const firsts = rules.filter((rule, i) => rules.findIndex((one) => keyOf(one) === keyOf(rule)) === i)
  return firsts
    .toSorted((a, b) => a.useCase.localeCompare(b.useCase) || (a.from ?? 0) - (b.from ?? 0))
    .map(({ useCase, from, below, ...rest }) => {
      const of = (policy: PolicyName) =>
        wordsOf(rules.find((one) => one.policy === policy && keyOf(one) === keyOf({ useCase, from, below, ...rest })))
      return { useCase, context: boundsOf(from, below), evidence: of('evidence'), article: of('article') }
    })
}

function boundsOf(from: number | undefined, below: number | undefined): string {
  if (from !== undefined) return `from ${count(from)}`
  return below === undefined ? 'any' : `below ${count(below)}`
}

function wordsOf(rule: Rules[number] | undefined): string {
  if (!rule) return '—'
  const accepted = rule.accept.length > 0 ? `, else ${rule.accept.join(' or ')}` : ''
  return `${rule.choose.join(' or ')}${accepted}`
}
