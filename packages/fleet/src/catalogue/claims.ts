import type { Claim } from '@tradewind/protocol'

const card = 'Gemma 4 model card'
const report = 'arXiv:2607.02770'
const analysis = 'Artificial Analysis, 2026-04-14'

/** What the article says, claim by claim, and what became of it when it was looked up. */
export const claims: Claim[] = [
  {
    id: 'mrcr',
    says: 'MRCR v2, 8 needles, 128,000 tokens: 31B 66.4 %, 26B-A4B 44.1 %, E4B 25.4 %, E2B 19.1 %',
    standing: 'confirmed',
    source: `${card}; ${report}, table 5`,
  },
  {
    id: 'mrcr-place',
    says: 'the table is number 9, in section 4.3 of the technical report',
    standing: 'contradicted',
    corrected: 'it is table 5; there is no section 4.3',
    source: report,
  },
  {
    id: 'moe-loses-22',
    says: 'the MoE loses 22 points of retrieval to the dense 31B',
    standing: 'confirmed',
    source: `${card}: 66.4 - 44.1 = 22.3`,
  },
  {
    id: 'moe-cause',
    says: 'sparse activation cannot maintain attention across long sequences',
    standing: 'contradicted',
    corrected: 'the dense 12B scores 43.4 where the MoE scores 44.1: size, not sparsity',
    source: `${report}, table 5`,
  },
  {
    id: 'moe-80k',
    says: '26B-A4B fails beyond 80,000 tokens',
    standing: 'contradicted',
    corrected: 'it degrades: RULER 97.3 at 32K, 89.8 at 128K; no source has the threshold',
    source: `${report}, table 9`,
  },
  {
    id: 'omniscience-direction',
    says: 'AA-Omniscience: lower is better',
    standing: 'contradicted',
    corrected: 'higher is better, from -100 to 100',
    source: 'arXiv:2511.13029',
  },
  { id: 'omniscience-31b', says: 'AA-Omniscience: 31B -45', standing: 'single-source', source: analysis },
  {
    id: 'omniscience-small',
    says: 'AA-Omniscience: E2B -20, E4B -24',
    standing: 'article-only',
    source: 'the article',
  },
  {
    id: 'omniscience-qwen',
    says: 'AA-Omniscience: Qwen 3.5-32B -42',
    standing: 'contradicted',
    corrected: 'the value is that of Qwen3.5 27B; there is no 32B',
    source: analysis,
  },
  {
    id: 'omniscience-llama',
    says: 'AA-Omniscience: Llama 4-70B -38',
    standing: 'contradicted',
    corrected: 'there is no Llama 4 70B, only Scout and Maverick',
    source: 'Llama 4 model cards',
  },
  {
    id: 'small-hallucinate-less',
    says: 'the smaller models hallucinate less than the larger ones',
    standing: 'article-only',
    source: 'the article; no rate is published for any Gemma 4',
  },
  {
    id: 'live-code-gap',
    says: 'the MoE loses 12 points on LiveCodeBench',
    standing: 'contradicted',
    corrected: '2.9 points: 80.0 against 77.1',
    source: `${card}; ${report}`,
  },
  { id: 'large-deaf', says: '31B and 26B-A4B take no audio', standing: 'confirmed', source: `${card}; ${report}` },
  {
    id: 'small-blind',
    says: 'E2B and E4B understand no video',
    standing: 'contradicted',
    corrected: 'all take video as frames, 60 s at 1 a second, the small ones with its sound',
    source: card,
  },
  {
    id: 'token-efficiency',
    says: 'BigBench Extra Hard: 31B needs 2.5 times fewer tokens than Qwen 3.5-32B (table 14, footnote c)',
    standing: 'article-only',
    source: 'the article; the report ends with table 12, others support the direction only',
  },
  { id: 'licence', says: 'Gemma 4 is under Apache-2.0', standing: 'confirmed', source: `${card}; ${report}` },
  {
    id: 'licence-llama',
    says: 'the licence of Llama 4 has a threshold of 700 million monthly users',
    standing: 'confirmed',
    source: 'the licence itself',
  },
  {
    id: 'licence-qwen',
    says: 'Qwen 3.5 lacks the efficiency of MoE',
    standing: 'contradicted',
    corrected: '35B-A3B, 122B-A10B and 397B-A17B exist, under Apache-2.0',
    source: `${report}, table 4`,
  },
  {
    id: 'licence-deepseek',
    says: 'DeepSeek is non-commercial',
    standing: 'contradicted',
    corrected: 'V3, R1 and V4 are under MIT',
    source: 'DeepSeek model cards',
  },
]
