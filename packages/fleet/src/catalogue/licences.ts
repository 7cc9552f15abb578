import type { Licence } from '@tradewind/protocol'

export const licences: Licence[] = [
  {
    id: 'apache-2.0',
    name: 'Apache License 2.0',
    commercial: true,
    standing: 'confirmed',
    source: 'Gemma 4 model card, arXiv:2607.02770',
  },
  { id: 'mit', name: 'MIT License', commercial: true, standing: 'confirmed', source: 'DeepSeek V3, R1 and V4 cards' },
  {
    id: 'llama-4-community',
    name: 'Llama 4 Community License',
    commercial: true,
    monthlyUsers: 700_000_000,
    standing: 'confirmed',
    source: 'the licence itself',
  },
]

/** What the article compares with. They are there to be looked up: no build exists, so nothing assigns them. */
export const comparators = [
  { name: 'Qwen 3.5', licence: 'apache-2.0', says: 'has MoE sizes of its own: 35B-A3B, 122B-A10B, 397B-A17B' },
  { name: 'Llama 4', licence: 'llama-4-community', says: 'not free above 700 million monthly users' },
  { name: 'DeepSeek', licence: 'mit', says: 'free for commercial use, whatever the article says' },
] as const
