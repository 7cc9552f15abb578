import type { Build, Catalogue, Claim, Figure, FigureOfMerit, Standing, Variant } from '@tradewind/protocol'
import { memoryNeed } from '../placement/memory'

/** What a variant gives and what it costs, beside the others. */
export type Matrix = { variants: { id: string; name: string }[]; groups: MatrixGroup[] }
export type MatrixGroup = { id: string; title: string; rows: MatrixRow[] }
export type MatrixRow = {
  id: string
  title: string
  /** what the numbers are, and which way is better */
  hint?: string
  /** of the same length as `variants`, in their order */
  cells: MatrixCell[]
  /** what the article says of the whole row */
  claims: Claim[]
}

/** A value with what is known of it. `best`: of those that can be told apart by number. */
export type MatrixCell = {
  value: MatrixValue
  standing: Standing | null
  source: string | null
  best: boolean
  /** what the article says of this variant here; where it is contradicted, with the correction */
  claims: Claim[]
}
export type MatrixValue =
  | { kind: 'unknown' }
  | { kind: 'number'; value: number; unit: MatrixUnit; corrected?: number }
  | { kind: 'yes' }
  | { kind: 'no' }
  | { kind: 'text'; text: string }
  | { kind: 'builds'; builds: BuildMemory[] }
export type MatrixUnit = 'tokens' | 'percent' | 'share' | 'bleu' | 'rating' | 'index' | 'parameters'
/** Bytes of one build for a context of one request; `standing` of its files. */
export type BuildMemory = { build: string; quantisation: string; engine: Build['engine']; bytes: number }

type Told = Omit<MatrixCell, 'best' | 'claims'>
type Better = 'higher' | 'lower' | 'neither'
type RowPlan = {
  id: string
  title: string
  hint?: string
  better?: Better
  cell: (variant: Variant, catalogue: Catalogue) => Told
  /** claims of the catalogue that bear on it: on the variants that they name, or on all */
  claims?: Record<string, string[] | 'all'>
}

/** Tokens of context that the memory of a build is told for. */
export const matrixContext = 4096

const unknown: Told = { value: { kind: 'unknown' }, standing: null, source: null }
const number = (figure: Figure | undefined, unit: MatrixUnit): Told =>
  figure === undefined
    ? unknown
    : {
        value: {
          kind: 'number',
          value: figure.value,
          unit,
          ...(figure.corrected === undefined ? {} : { corrected: figure.corrected }),
        },
        standing: figure.standing,
        source: figure.source,
      }
const merit = (name: FigureOfMerit, unit: MatrixUnit) => (variant: Variant) => number(variant.figures[name], unit)
const ability =
  (has: 'hears' | 'sees') =>
  (variant: Variant): Told => ({
    ...known(variant),
    value: { kind: variant[has] ? 'yes' : 'no' },
  })
/** Card and report say of a variant as a whole what its parameters, its context and its senses are. */
const known = ({ parameters: { standing, source } }: Variant) => ({ standing, source })
const said = (claim: Claim): Told => ({
  value: { kind: 'text', text: claim.corrected ?? claim.says },
  standing: claim.standing,
  source: claim.source,
})

const plan: { id: string; title: string; rows: RowPlan[] }[] = [
  {
    id: 'place',
    title: 'What it is for',
    rows: [
      { id: 'use', title: 'Best at', cell: ({ useCase }) => said(useCase) },
      { id: 'envelope', title: 'Belongs on', cell: ({ envelope }) => said(envelope) },
      { id: 'limitation', title: 'What it gave up', cell: ({ limitation }) => said(limitation) },
    ],
  },
  {
    id: 'context',
    title: 'Context and retrieval',
    rows: [
      {
        id: 'context',
        title: 'Context',
        hint: 'Tokens at most',
        better: 'higher',
        cell: (variant) => ({
          ...known(variant),
          value: { kind: 'number', value: variant.maxContext, unit: 'tokens' },
        }),
        claims: { 'moe-80k': ['26b-a4b'] },
      },
      {
        id: 'mrcr8Needle128k',
        title: 'Finds 8 needles at 128K',
        hint: 'MRCR v2, higher is better',
        better: 'higher',
        cell: merit('mrcr8Needle128k', 'percent'),
        claims: { 'moe-loses-22': ['26b-a4b'], 'moe-cause': ['26b-a4b'], mrcr: 'all', 'mrcr-place': 'all' },
      },
      {
        id: 'ruler32k',
        title: 'Retrieval at 32K',
        hint: 'RULER, higher is better',
        better: 'higher',
        cell: merit('ruler32k', 'percent'),
      },
      {
        id: 'ruler128k',
        title: 'Retrieval at 128K',
        hint: 'RULER, higher is better',
        better: 'higher',
        cell: merit('ruler128k', 'percent'),
      },
      {
        id: 'graphWalks128k',
        title: 'Reasons over long text',
        hint: 'GraphWalks below 128K, higher is better',
        better: 'higher',
        cell: merit('graphWalks128k', 'percent'),
      },
    ],
  },
  {
    id: 'senses',
    title: 'Hearing and seeing',
    rows: [
      { id: 'hears', title: 'Hears speech', cell: ability('hears'), claims: { 'large-deaf': ['26b-a4b', '31b'] } },
      {
        id: 'fleursErrors',
        title: 'Errors in transcripts',
        hint: 'FLEURS, lower is better',
        better: 'lower',
        cell: merit('fleursErrors', 'share'),
      },
      {
        id: 'covostBleu',
        title: 'Speech translation',
        hint: 'CoVoST into English, BLEU, higher is better',
        better: 'higher',
        cell: merit('covostBleu', 'bleu'),
      },
      {
        id: 'sees',
        title: 'Sees images and video',
        cell: ability('sees'),
        claims: { 'small-blind': ['e2b', 'e4b'] },
      },
    ],
  },
  {
    id: 'trust',
    title: 'Hallucination',
    rows: [
      {
        id: 'aaOmniscience',
        title: 'Recalls reliably',
        hint: 'AA-Omniscience, -100 to 100, higher is better',
        better: 'higher',
        cell: merit('aaOmniscience', 'index'),
        claims: { 'omniscience-direction': 'all', 'small-hallucinate-less': 'all' },
      },
    ],
  },
  {
    id: 'work',
    title: 'Code and reasoning',
    rows: [
      {
        id: 'liveCodeBench6',
        title: 'Code',
        hint: 'LiveCodeBench v6, higher is better',
        better: 'higher',
        cell: merit('liveCodeBench6', 'percent'),
        claims: { 'live-code-gap': ['26b-a4b'] },
      },
      {
        id: 'codeforces',
        title: 'Contest programming',
        hint: 'Codeforces rating, higher is better',
        better: 'higher',
        cell: merit('codeforces', 'rating'),
      },
      {
        id: 'mmluPro',
        title: 'Knowledge and reasoning',
        hint: 'MMLU Pro, higher is better',
        better: 'higher',
        cell: merit('mmluPro', 'percent'),
      },
      {
        id: 'bbeh',
        title: 'Hard reasoning',
        hint: 'BigBench Extra Hard, higher is better',
        better: 'higher',
        cell: merit('bbeh', 'percent'),
        claims: { 'token-efficiency': ['31b'] },
      },
    ],
  },
  {
    id: 'licence',
    title: 'Licence',
    rows: [
      {
        id: 'licence',
        title: 'Licence',
        cell: licenceOf,
        claims: { licence: 'all', 'licence-llama': 'all', 'licence-qwen': 'all', 'licence-deepseek': 'all' },
      },
    ],
  },
  {
    id: 'costs',
    title: 'What it costs',
    rows: [
      {
        id: 'total',
        title: 'Parameters',
        hint: 'All of them must be in memory',
        better: 'lower',
        cell: (variant) => ({
          ...known(variant),
          value: { kind: 'number', value: variant.parameters.total, unit: 'parameters' },
        }),
      },
      {
        id: 'perToken',
        title: 'Read for each token',
        hint: 'What writing costs, lower is faster',
        better: 'lower',
        cell: (variant) => ({
          ...known(variant),
          value: { kind: 'number', value: variant.parameters.perToken, unit: 'parameters' },
        }),
      },
      {
        id: 'memory',
        title: 'Memory',
        hint: `Of each build with ${matrixContext.toLocaleString('en')} tokens of context, an upper bound`,
        cell: memoryOf,
      },
    ],
  },
]

function licenceOf(variant: Variant, { licences }: Catalogue): Told {
  const licence = licences.find(({ id }) => id === variant.licence)
  if (!licence) return unknown
  const limit =
    licence.monthlyUsers === undefined ? '' : `, up to ${licence.monthlyUsers.toLocaleString('en')} monthly users`
  return {
    value: { kind: 'text', text: `${licence.name}${licence.commercial ? '' : ', not for commerce'}${limit}` },
    standing: licence.standing,
    source: licence.source,
  }
}

function memoryOf(variant: Variant, { builds }: Catalogue): Told {
  const own = builds.filter((build) => build.variant === variant.id && build.demo !== true)
  if (own.length === 0) return unknown
  const rows = own.map((build) => ({
    build: build.id,
    quantisation: build.quantisation,
    engine: build.engine,
    bytes: memoryNeed(variant, build, { context: matrixContext, slots: 1, cacheType: 'f16', microBatch: 512 }).total,
  }))
  const files = own.flatMap(({ files }) => files)
  return {
    value: { kind: 'builds', builds: rows.toSorted((a, b) => b.bytes - a.bytes) },
    standing: files.every(({ standing }) => standing === 'confirmed') ? 'confirmed' : 'single-source',
    source: 'computed from the sizes of its files and from its cache, as llama.cpp allocates it',
  }
}

/** The matrix of a catalogue. What it does not say is unknown; nothing is left out for it. */
export function matrixOf(catalogue: Catalogue): Matrix {
  const { variants } = catalogue
  return {
    variants: variants.map(({ id, name }) => ({ id, name })),
    groups: plan.map(({ id, title, rows }) => ({ id, title, rows: rows.map((row) => rowOf(row, catalogue)) })),
  }
}

function rowOf({ id, title, hint, better = 'neither', cell, claims = {} }: RowPlan, catalogue: Catalogue): MatrixRow {
  const told = catalogue.variants.map((variant) => cell(variant, catalogue))
  const best = bestOf(told, better)
  const named = (of: (whom: string[] | 'all') => boolean) =>
    Object.entries(claims).flatMap(([claim, whom]) =>
      of(whom) ? catalogue.claims.filter((one) => one.id === claim) : [],
    )
  return {
    ...{ id, title, ...(hint === undefined ? {} : { hint }) },
    claims: named((whom) => whom === 'all'),
    cells: told.map((one, i) => {
      const variant = catalogue.variants[i]
      return {
        ...one,
        best: best.has(i),
        claims: [
          ...ownClaims(id, variant),
          ...named((whom) => whom !== 'all' && variant !== undefined && whom.includes(variant.id)),
        ],
      }
    }),
  }
}

/** What the article says of one variant in the row that tells the same in corrected words. */
function ownClaims(row: string, variant: Variant | undefined): Claim[] {
  const claim = variant && { use: variant.useCase, envelope: variant.envelope, limitation: variant.limitation }[row]
  return claim?.standing === 'contradicted' ? [claim] : []
}

/**
 * The places of the best numbers; none where all are equal, or where fewer than two are known. What nobody but the
 * article says wins nothing.
 */
function bestOf(told: Told[], better: Better): Set<number> {
  const numbers = told.map(({ value, standing }) =>
    value.kind === 'number' && standing !== 'article-only' ? (value.corrected ?? value.value) : undefined,
  )
  const known = numbers.filter((one) => one !== undefined)
  const wanted = better === 'higher' ? Math.max(...known) : Math.min(...known)
  if (better === 'neither' || new Set(known).size < 2) return new Set()
  return new Set(numbers.flatMap((one, i) => (one === wanted ? [i] : [])))
}
