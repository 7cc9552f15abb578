import {
  abilityNames,
  type Candidate,
  clipSecondsOf,
  type Decision,
  type Explanation,
  explain,
  figureNames,
  isRefused,
  isUnresolved,
  longestThatFits,
  type Measured,
  memoryNeed,
  missingBytes,
  neighbours,
  type Outcome,
  type PlacementDevice,
  type Pool,
  poolsOf,
  type Refusal,
  ranked,
  realTimeFactor,
  refusalsOf,
  remedyOf,
  type Speed,
  scoreNames,
  sentenceOf,
  type TradeOff,
  translates,
} from '@tradewind/fleet'
import type { Build, BuildMeasured, Catalogue, Facts, Standing, Variant } from '@tradewind/protocol'

// A decision as a page shows it: shaped where the catalogue is, so that a browser needs neither it nor the domain.

/** `here`: measured by this very device; the others as in `Speed`. */
export type Origin = 'here' | Speed['from']
export type Sourced = { value: number; from: Origin }

/** Bytes of the memory that a build is held in. `extra`: what measurements showed beyond the estimate. */
export type MemoryParts = {
  pool: Pool['kind']
  cards: number
  totalBytes: number | null
  weights: number
  projector: number
  cache: number
  working: number
  extra: number
  free: number
  /** kept free, or taken by everything else; null: the total is not known */
  reserve: number | null
}

export type Reason = { code: Refusal['code']; says: string; needs: string; numbers: string }

export type CandidateRow = {
  build: string
  variant: string
  quantisation: string
  engine: string
  demo: boolean
  hears: boolean
  sees: boolean
  verdict: 'fits' | 'unresolved' | 'refused'
  /** the device has it, it is proposed, it would come next, it is offered instead */
  role: 'has' | 'chosen' | 'proposed' | 'closest' | 'offered' | null
  reasons: Reason[]
  needBytes: number | null
  haveBytes: number | null
  /** tokens of one request; 0: not even the weights fit */
  longest: number
  writes: Sourced | null
  reads: Sourced | null
  /** seconds of work for a second of speech */
  hearing: Sourced | null
  score: string
  /** of its files that are not on the device */
  fetchBytes: number
}

/** What the build of the panel gives: predicted, and measured by this device where it has loaded it. */
export type Gift = { name: 'writes' | 'reads' | 'hearing'; measured: number | null; predicted: Sourced | null }
export type Subject = CandidateRow & {
  context: number
  slots: number
  cacheType: string
  parts: MemoryParts | null
  gifts: Gift[]
  held: { bytes: number; atMs: number } | null
}

export type AgainstLine = {
  name: string
  here: string
  there: string
  better: 'here' | 'there' | 'same'
  standing: Standing | Origin | 'predicted'
  source: string
}
export type Against = {
  size: 'larger' | 'smaller'
  variant: string
  build: string | null
  verdict: CandidateRow['verdict'] | null
  /** why it is not that one, in the words of the row */
  why: string | null
  lines: AgainstLine[]
}

export type Panel = {
  /** tokens of one request: what this is decided for, and what is asked without it */
  context: number
  ownContext: number
  /** null: no workload asks for anything, and what the device has was chosen by a person or by itself */
  outcome: Outcome['kind'] | null
  words: Explanation | null
  /** the build that the device has; the catalogue may not know it, and then it is no subject */
  has: string | null
  subject: Subject | null
  against: Against[]
  candidates: CandidateRow[]
  mostContext: number
}

export type PanelInput = {
  device: PlacementDevice
  catalogue: Catalogue
  decision: Decision
  /** the same with nothing measured */
  predicted: Decision
  /** whether a workload selects the device */
  isAsked: boolean
  ownContext: number
  measured: Measured
  /** what this device itself measured */
  own: BuildMeasured[]
}

export function panelOf(input: PanelInput): Panel {
  const { decision, catalogue, isAsked } = input
  const rows = inOrder(decision).map((candidate) => rowOf(input, candidate))
  const subject = subjectOf(input)
  const row = rows.find(({ build }) => build === subject)
  return {
    context: decision.workload.context,
    ownContext: input.ownContext,
    outcome: isAsked ? decision.outcome.kind : null,
    words: isAsked ? explain(decision, catalogue) : null,
    has: input.device.serving?.build ?? null,
    subject: row ? describe(input, row) : null,
    against: row ? againstOf(input, rows, row) : [],
    candidates: rows,
    mostContext: Math.max(...catalogue.variants.map(({ maxContext }) => maxContext)),
  }
}

/** What the device has, where it has something; else what it would get. */
function subjectOf({ device, decision: { outcome }, isAsked }: PanelInput): string | null {
  if (device.serving) return device.serving.build
  return !isAsked || outcome.kind === 'refused' ? null : outcome.build
}

/** Those that may be chosen, the best first; then what fits but is not wanted; then what does not fit, the nearest first. */
function inOrder({ candidates, policy }: Decision): Candidate[] {
  const first = ranked(candidates, policy)
  const others = candidates.filter((one) => !first.includes(one))
  const byNearness = (a: Candidate, b: Candidate) =>
    Number(isRefused(a)) - Number(isRefused(b)) || a.refusals.length - b.refusals.length || b.score - a.score
  return [...first, ...others.toSorted(byNearness)]
}

const buildOf = ({ builds }: Catalogue, id: string) => builds.find((one) => one.id === id)
const variantOf = ({ variants }: Catalogue, id: string) => variants.find((one) => one.id === id)

function rowOf(input: PanelInput, candidate: Candidate): CandidateRow {
  const { catalogue, decision, device, measured } = input
  const [build, variant] = [buildOf(catalogue, candidate.build), variantOf(catalogue, candidate.variant)]
  const { workload, policy } = decision
  const reasons = [...refusalsOf(candidate, policy), ...candidate.refusals.filter(isAboutFiles)].map(reasonOf)
  const isOut = reasons.some(({ code }) => code !== 'files-unresolved')
  const short = candidate.refusals.find(({ code }) => code === 'memory-short')
  const memory = candidate.fit ?? (short?.code === 'memory-short' ? short : null)
  const own = input.own.find((one) => one.build === candidate.build)
  return {
    build: candidate.build,
    variant: variant?.name ?? candidate.variant,
    quantisation: build?.quantisation ?? '',
    engine: candidate.engine,
    demo: build?.demo === true,
    hears: build?.hears === true,
    sees: build?.sees === true,
    verdict: isOut ? 'refused' : isUnresolved(candidate) ? 'unresolved' : 'fits',
    role: roleOf(input, candidate.build),
    reasons,
    needBytes: memory?.needBytes ?? null,
    haveBytes: memory?.haveBytes ?? null,
    longest: build && variant ? longestThatFits(variant, build, workload, poolsOf(device), measured(build, device)) : 0,
    ...speedsOf(candidate, build, decision, own),
    score: scoreOf(candidate),
    fetchBytes: build ? missingBytes(build.files, device.holds) : 0,
  }
}

const isAboutFiles = ({ code }: Refusal) => code === 'files-unresolved'

const reasonOf = (refusal: Refusal): Reason => ({
  code: refusal.code,
  says: sentenceOf(refusal),
  needs: remedyOf(refusal),
  numbers: Object.entries(refusal)
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? value.toLocaleString('en') : value}`)
    .join('\n'),
})

function roleOf({ device, decision: { outcome }, isAsked }: PanelInput, build: string): CandidateRow['role'] {
  if (build === device.serving?.build) return 'has'
  if (!isAsked) return null
  if (outcome.kind === 'refused') {
    if (outcome.offer?.build === build) return 'offered'
    return outcome.closest === build ? 'closest' : null
  }
  if (outcome.build !== build) return null
  return outcome.kind === 'propose' ? 'proposed' : 'chosen'
}

function speedsOf(
  { speed }: Candidate,
  build: Build | undefined,
  { workload }: Decision,
  own: BuildMeasured | undefined,
): Pick<CandidateRow, 'writes' | 'reads' | 'hearing'> {
  const from = speed?.from ?? 'unknown'
  const predicted =
    build?.hears && speed ? realTimeFactor(speed, clipSecondsOf(build), translates(workload)) : undefined
  return {
    writes: sourced(own?.generationPerSecond, speed?.generationPerSecond, from),
    reads: sourced(own?.promptPerSecond, speed?.promptPerSecond, from),
    hearing: sourced(own?.realTimeFactor, predicted, from),
  }
}

function sourced(here: number | undefined, otherwise: number | undefined, from: Speed['from']): Sourced | null {
  if (here !== undefined) return { value: here, from: 'here' }
  return otherwise === undefined ? null : { value: otherwise, from }
}

const scoreOf = ({ score, scores }: Candidate) =>
  scores ? `${score.toFixed(2)}\n${scoreNames.map((name) => `${name} ${scores[name].toFixed(2)}`).join('\n')}` : ''

function describe(input: PanelInput, row: CandidateRow): Subject {
  const { catalogue, decision, predicted, own } = input
  const fit = decision.candidates.find(({ build }) => build === row.build)?.fit
  const before = predicted.candidates.find(({ build }) => build === row.build)
  const [build, said] = [buildOf(catalogue, row.build), own.find((one) => one.build === row.build)]
  const expected = before ? speedsOf(before, build, predicted, undefined) : { writes: null, reads: null, hearing: null }
  return {
    ...row,
    context: decision.workload.context,
    slots: fit?.options.slots ?? decision.workload.slots ?? 1,
    cacheType: fit?.options.cacheType ?? '',
    parts: partsOf(input, row.build),
    gifts: [
      { name: 'writes', measured: said?.generationPerSecond ?? null, predicted: expected.writes },
      { name: 'reads', measured: said?.promptPerSecond ?? null, predicted: expected.reads },
      ...(row.hears
        ? [{ name: 'hearing' as const, measured: said?.realTimeFactor ?? null, predicted: expected.hearing }]
        : []),
    ],
    held: said?.residentBytes === undefined ? null : { bytes: said.residentBytes, atMs: said.at },
  }
}

function partsOf({ catalogue, decision, device }: PanelInput, id: string): MemoryParts | null {
  const candidate = decision.candidates.find(({ build }) => build === id)
  const [build, variant] = [buildOf(catalogue, id), variantOf(catalogue, candidate?.variant ?? '')]
  if (!candidate?.fit || !build || !variant) return null
  const { pool, cards, options, needBytes, haveBytes } = candidate.fit
  const need = memoryNeed(variant, build, options, cards)
  const totalBytes = totalOf(device.facts, pool, cards)
  return {
    pool,
    cards,
    totalBytes,
    weights: need.weights,
    projector: need.projector,
    cache: need.cacheGlobal + need.cacheSliding,
    working: need.compute + need.split + need.engine,
    extra: Math.max(0, needBytes - need.total),
    free: haveBytes - needBytes,
    reserve: totalBytes === null ? null : Math.max(0, totalBytes - haveBytes),
  }
}

function totalOf({ memory, accelerators = [] }: Facts, pool: Pool['kind'], cards: number): number | null {
  if (pool !== 'cards') return memory?.totalBytes ?? null
  const totals = accelerators.flatMap(({ totalBytes }) => totalBytes ?? []).sort((a, b) => b - a)
  return totals.slice(0, cards).reduce((sum, one) => sum + one, 0) || null
}

function againstOf(input: PanelInput, rows: CandidateRow[], row: CandidateRow): Against[] {
  const { catalogue, decision } = input
  const id = decision.candidates.find(({ build }) => build === row.build)?.variant ?? ''
  const { larger, smaller } = neighbours(catalogue, id)
  return [
    ...(larger ? [compare(input, rows, row, larger, 'larger')] : []),
    ...(smaller ? [compare(input, rows, row, smaller, 'smaller')] : []),
  ]
}

function compare(
  { catalogue, decision }: PanelInput,
  rows: CandidateRow[],
  row: CandidateRow,
  trade: TradeOff,
  size: Against['size'],
): Against {
  const ids = decision.candidates.filter(({ variant }) => variant === trade.there).map(({ build }) => build)
  const others = rows.filter(({ build }) => ids.includes(build))
  const there =
    others.find(({ verdict }) => verdict !== 'refused') ??
    others.find(({ engine }) => engine === row.engine) ??
    others[0] ??
    null
  const [here, other] = [variantOf(catalogue, trade.here), variantOf(catalogue, trade.there)]
  return {
    size,
    variant: other?.name ?? trade.there,
    build: there?.build ?? null,
    verdict: there?.verdict ?? null,
    why: there?.reasons[0]?.says ?? null,
    lines: [
      ...(there ? deviceLines(row, there) : []),
      ...(here && other ? abilityLines(trade, here, other) : []),
      ...trade.figures.map(
        (figure): AgainstLine => ({
          name: figureNames[figure.name],
          here: String(figure.here),
          there: String(figure.there),
          better: figure.here === figure.there ? 'same' : figure.lost ? 'there' : 'here',
          standing: figure.standing,
          source: figure.source,
        }),
      ),
    ],
  }
}

/** What the two would be on this very device. Of what is not known of one of them there is no line. */
function deviceLines(row: CandidateRow, there: CandidateRow): AgainstLine[] {
  const memorySource = 'the sizes of its files and the shape of its cache'
  return [
    ...numberLine('Memory needed here (GiB)', row.needBytes, there.needBytes, {
      words: (bytes) => (bytes / 2 ** 30).toFixed(2),
      lessIsBetter: true,
      standing: 'predicted',
      source: memorySource,
    }),
    ...numberLine('Longest context here (tokens)', row.longest, there.longest, {
      words: (tokens) => tokens.toLocaleString('en'),
      standing: 'predicted',
      source: memorySource,
    }),
    ...speedLine('Writes here (tokens/s)', row.writes, there.writes),
    ...speedLine('Hears here (s of work for 1 s of speech)', row.hearing, there.hearing, true),
  ]
}

const speedLine = (name: string, here: Sourced | null, there: Sourced | null, lessIsBetter = false) =>
  numberLine(name, here?.value ?? null, there?.value ?? null, {
    words: (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(2)),
    lessIsBetter,
    standing: there?.from ?? 'unknown',
    source: `here ${originWords[here?.from ?? 'unknown']}, there ${originWords[there?.from ?? 'unknown']}`,
  })

const originWords: Record<Origin, string> = {
  here: 'measured by this device',
  measured: 'measured by a device of this class',
  published: 'published for this hardware',
  computed: 'computed from bandwidth and cores',
  unknown: 'not known',
}

type About = {
  words: (value: number) => string
  lessIsBetter?: boolean
  standing: AgainstLine['standing']
  source: string
}

function numberLine(
  name: string,
  here: number | null,
  there: number | null,
  { words, lessIsBetter = false, ...about }: About,
): AgainstLine[] {
  if (here === null || there === null) return []
  const isSame = words(here) === words(there)
  const better = isSame ? 'same' : here < there === lessIsBetter ? 'here' : 'there'
  return [{ name, here: words(here), there: words(there), better, ...about }]
}

function abilityLines({ gained, lost, perToken }: TradeOff, here: Variant, there: Variant): AgainstLine[] {
  const line = (ability: keyof typeof abilityNames, isHere: boolean): AgainstLine => ({
    name: abilityNames[ability].charAt(0).toUpperCase() + abilityNames[ability].slice(1),
    here: isHere ? 'yes' : 'no',
    there: isHere ? 'no' : 'yes',
    better: isHere ? 'here' : 'there',
    standing: 'confirmed',
    source: there.cache.source,
  })
  return [
    ...gained.map((ability) => line(ability, true)),
    ...lost.map((ability) => line(ability, false)),
    ...numberLine('Parameters read for each token (billions)', perToken.here, perToken.there, {
      words: (count) => (count / 1e9).toPrecision(3),
      lessIsBetter: true,
      standing: here.parameters.standing,
      source: here.parameters.source,
    }),
  ]
}
