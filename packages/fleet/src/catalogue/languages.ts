import type { Catalogue, SpeechScores } from '@tradewind/protocol'

/** One row a language: FLEURS errors of E2B and E4B, and where it was tested CoVoST BLEU of both. */
const rows: [language: string, errors: [number, number], bleu?: [number, number]][] = [
  ['en', [0.08, 0.065]],
  ['ar', [0.143, 0.162]],
  ['de', [0.076, 0.061], [39.2, 42]],
  ['es', [0.042, 0.035], [43.2, 44.8]],
  ['fr', [0.101, 0.08], [39.2, 41]],
  ['hi', [0.101, 0.086]],
  ['it', [0.041, 0.032], [40.8, 43]],
  ['ja', [0.107, 0.078], [21.4, 25.5]],
  ['ko', [0.066, 0.053]],
  ['pt-br', [0.056, 0.046]],
  ['ru', [0.084, 0.068], [46.4, 49.4]],
  ['zh', [0.187, 0.136], [17.9, 21.9]],
]

const column = (at: 0 | 1): SpeechScores => ({
  languages: Object.fromEntries(
    rows.map(([language, errors, bleu]) => [language, { errors: errors[at], ...(bleu && { bleu: bleu[at] }) }]),
  ),
  standing: 'single-source',
  source: 'arXiv:2607.02770, table 7',
})

export const spoken = { e2b: column(0), e4b: column(1) }

/** The languages that some variant of a catalogue is known to hear, as BCP 47 writes them, in small letters. */
export const spokenLanguages = ({ variants }: Catalogue): string[] => [
  ...new Set(variants.flatMap(({ speech }) => Object.keys(speech?.languages ?? {}))),
]
