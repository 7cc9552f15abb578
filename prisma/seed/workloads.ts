import type { Workload } from '@tradewind/protocol'

/** What this fleet is for: each role of its devices has its workload. */
export const founding: Workload[] = [
  {
    ...{ id: 'line-talk', useCases: ['on-device-translation'], languages: ['fr', 'pl', 'pt', 'en'] },
    ...{ context: 4096, selects: { role: 'line' } },
  },
  {
    ...{ id: 'counter-calls', useCases: ['transcription'], languages: ['fr', 'en', 'es'] },
    ...{ context: 4096, selects: { role: 'counter' } },
  },
  { id: 'handbook', useCases: ['known-corpus-qa'], context: 8192, selects: { role: 'office' } },
  { id: 'code-desk', useCases: ['code'], context: 16_384, selects: { role: 'compute' } },
]

/** A change that went well: calls got longer. */
export const longerCalls: Workload = { ...(founding[1] as Workload), context: 8192 }

/** A change that is on its way: two lines speak at once. */
export const busierLines: Workload = { ...(founding[0] as Workload), slots: 2 }

/** Whose files were resolved when the fleet was founded. The others came later, and are proposed where they are better. */
export const firstResolved = ['e2b-q8_0', 'e2b-q4_0', 'e4b-q4_k_m', '26b-a4b-ud-q4_k_m', '31b-q4_k_m']
