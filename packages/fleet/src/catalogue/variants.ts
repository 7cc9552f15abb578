import type { Claim, Figure, Standing, Variant } from '@tradewind/protocol'
import { spoken } from './languages'

const card = 'Gemma 4 model card'
const report = 'arXiv:2607.02770'
const config = 'config.json of the checkpoint'

const figure = (value: number, standing: Standing, source: string): Figure => ({ value, standing, source })
const carded = (value: number) => figure(value, 'confirmed', card)
const reported = (value: number, table: number) => figure(value, 'single-source', `${report}, table ${table}`)
const article = 'the article'

/** The benchmarks that card and report agree on, in one row a variant. */
const quality = (mrcr: number, liveCode: number, mmlu: number) => ({
  mrcr8Needle128k: carded(mrcr),
  liveCodeBench6: carded(liveCode),
  mmluPro: carded(mmlu),
})
const longContext = (ruler32k: number, ruler128k: number, graphWalks: number) => ({
  ruler32k: reported(ruler32k, 9),
  ruler128k: reported(ruler128k, 9),
  graphWalks128k: reported(graphWalks, 9),
})
const speech = (covost: number, fleurs: number) => ({ covostBleu: carded(covost), fleursErrors: carded(fleurs) })

const confirmed = (id: string, says: string, source: string): Claim => ({ id, says, standing: 'confirmed', source })
const contradicted = (id: string, says: string, corrected: string, source: string): Claim => ({
  id,
  says,
  corrected,
  source,
  standing: 'contradicted',
})
const fromArticle = (id: string, says: string): Claim => ({ id, says, standing: 'article-only', source: article })

const vocabulary = 262_144
const kv = { standing: 'confirmed', source: config } as const
const counted = { standing: 'confirmed', source: `${card}, ${report}` } as const
const gemma = { licence: 'apache-2.0', released: '2026-04-02', sees: true }

/** From the smallest to the largest: "the next larger variant" is the next one here. */
export const variants: Variant[] = [
  {
    ...gemma,
    id: 'e2b',
    name: 'Gemma 4 E2B',
    repository: 'google/gemma-4-E2B-it',
    hears: true,
    maxContext: 131_072,
    parameters: { total: 5.1e9, perToken: 2.3e9, kind: 'effective', ...counted },
    cache: {
      global: { layers: 3, heads: 1, headSize: 512 },
      sliding: { layers: 12, heads: 1, headSize: 256, window: 512 },
      layers: 35,
      hiddenSize: 1536,
      vocabulary,
      ...kv,
    },
    figures: {
      ...quality(19.1, 44, 60),
      ...longContext(83, 70.4, 4.1),
      ...speech(33.47, 0.09),
      aaOmniscience: figure(-20, 'article-only', article),
    },
    speech: spoken.e2b,
    envelope: confirmed('e2b-envelope', 'Raspberry Pi 5, Android', 'published runs; a Pi needs 8 GB with llama.cpp'),
    useCase: fromArticle('e2b-use', 'on-device translation'),
    limitation: contradicted(
      'e2b-limit',
      'no video',
      'sees video as frames, 60 s at 1 a second; noisy speech makes it invent text',
      card,
    ),
  },
  {
    ...gemma,
    id: 'e4b',
    name: 'Gemma 4 E4B',
    repository: 'google/gemma-4-E4B-it',
    hears: true,
    maxContext: 131_072,
    parameters: { total: 8e9, perToken: 4.5e9, kind: 'effective', ...counted },
    cache: {
      global: { layers: 4, heads: 2, headSize: 512 },
      sliding: { layers: 20, heads: 2, headSize: 256, window: 512 },
      layers: 42,
      hiddenSize: 2560,
      vocabulary,
      ...kv,
    },
    figures: {
      ...quality(25.4, 52, 69.4),
      ...longContext(95.2, 86.6, 50.9),
      ...speech(35.54, 0.08),
      aaOmniscience: figure(-24, 'article-only', article),
    },
    speech: spoken.e4b,
    envelope: confirmed('e4b-envelope', 'Apple MLX, 16 GB laptop', 'published runs'),
    useCase: fromArticle('e4b-use', 'lightweight multimodal'),
    limitation: contradicted('e4b-limit', 'no video', 'sees video as frames, 60 s at 1 a second', card),
  },
  {
    ...gemma,
    released: '2026-06-02',
    id: '12b',
    name: 'Gemma 4 12B',
    repository: 'google/gemma-4-12B-it',
    hears: true,
    maxContext: 262_144,
    parameters: { total: 11.96e9, perToken: 11.96e9, kind: 'dense', ...counted },
    cache: {
      global: { layers: 8, heads: 1, headSize: 512 },
      sliding: { layers: 40, heads: 8, headSize: 256, window: 1024 },
      layers: 48,
      hiddenSize: 3840,
      vocabulary,
      ...kv,
    },
    figures: { ...quality(43.4, 72, 77.2), ...longContext(96.4, 91.2, 71), ...speech(38.5, 0.069) },
    envelope: {
      id: '12b-envelope',
      says: '12 GB card, 16 GB laptop',
      standing: 'single-source',
      source: 'computed from its files',
    },
    useCase: {
      id: '12b-use',
      says: 'long documents on small machines',
      standing: 'single-source',
      source: `${report}, table 9`,
    },
    limitation: {
      id: '12b-limit',
      says: 'hears worse than E4B in independent tests',
      standing: 'single-source',
      source: 'LibriSpeech 7.94 % errors against 4.08 %',
    },
  },
  {
    ...gemma,
    id: '26b-a4b',
    name: 'Gemma 4 26B-A4B',
    repository: 'google/gemma-4-26B-A4B-it',
    hears: false,
    maxContext: 262_144,
    parameters: { total: 25.2e9, perToken: 3.8e9, kind: 'active', ...counted },
    cache: {
      global: { layers: 5, heads: 2, headSize: 512 },
      sliding: { layers: 25, heads: 8, headSize: 256, window: 1024 },
      layers: 30,
      hiddenSize: 2816,
      vocabulary,
      ...kv,
    },
    figures: {
      ...quality(44.1, 77.1, 82.6),
      ...longContext(97.3, 89.8, 72.6),
      bbeh: carded(64.8),
      codeforces: carded(1718),
    },
    envelope: confirmed('26b-a4b-envelope', 'RTX 4090 (24 GB)', 'published file sizes'),
    useCase: fromArticle('26b-a4b-use', 'production API at scale'),
    limitation: contradicted(
      '26b-a4b-limit',
      'fails beyond 80K context',
      'degrades, does not fail: MRCR 44.1, RULER-128k 89.8; no audio; all 25.2 B must be in memory',
      `${report}, tables 5 and 9`,
    ),
  },
  {
    ...gemma,
    id: '31b',
    name: 'Gemma 4 31B',
    repository: 'google/gemma-4-31B-it',
    hears: false,
    maxContext: 262_144,
    parameters: { total: 30.7e9, perToken: 30.7e9, kind: 'dense', ...counted },
    cache: {
      global: { layers: 10, heads: 4, headSize: 512 },
      sliding: { layers: 50, heads: 16, headSize: 256, window: 1024 },
      layers: 60,
      hiddenSize: 5376,
      vocabulary,
      ...kv,
    },
    figures: {
      ...quality(66.4, 80, 85.2),
      ...longContext(96.8, 96.4, 82.3),
      bbeh: carded(74.4),
      codeforces: carded(2150),
      aaOmniscience: figure(-45, 'single-source', 'Artificial Analysis, 2026-04-14; higher is better'),
    },
    envelope: contradicted(
      '31b-envelope',
      '2x RTX 4090',
      'one 24 GB card carries it to about 32K tokens, two beyond',
      'published file sizes',
    ),
    useCase: fromArticle('31b-use', 'high-stakes reasoning'),
    limitation: contradicted(
      '31b-limit',
      'no audio, higher hallucination',
      'no audio; its index of -45 says that it recalls unreliably, not how often it hallucinates',
      'Artificial Analysis, 2026-04-14',
    ),
  },
]
