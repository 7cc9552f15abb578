import type { Standing } from '@tradewind/protocol'
import { BookOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Origin, Sourced } from './panel'

export const originWords: Record<Origin, string> = {
  here: 'Measured by this device',
  measured: 'Measured by a device of this class',
  published: 'Published for this hardware, scaled to the bits of this build',
  computed: 'Predicted from the bandwidth of its memory and what its cores can do',
  unknown: 'Nobody knows it',
}

/** A figure as it came to be known: measured is plain, predicted is dotted, published has a book. */
export const Known = ({ figure, words }: { figure: Sourced | null; words: (value: number) => string }) =>
  figure === null ? (
    <span className="text-faint">unknown</span>
  ) : (
    <From origin={figure.from}>{words(figure.value)}</From>
  )

export const From = ({ origin, children }: { origin: Origin; children: ReactNode }) => (
  <span className="whitespace-nowrap" title={originWords[origin]}>
    {origin === 'published' && <BookOpen className="mr-1 inline size-3.5 align-[-2px] text-faint" aria-hidden />}
    <span className={origin === 'computed' ? 'underline decoration-dotted underline-offset-4' : undefined}>
      {children}
    </span>
    <span className="sr-only">, {originWords[origin].toLowerCase()}</span>
  </span>
)

const standingWords: Record<Standing | Origin | 'predicted', string> = {
  confirmed: 'confirmed',
  'single-source': 'one source',
  'article-only': 'the article only',
  contradicted: 'corrected',
  predicted: 'predicted',
  here: 'measured here',
  measured: 'measured',
  published: 'published',
  computed: 'predicted',
  unknown: 'not known',
}
export const nameStanding = (standing: Standing | Origin | 'predicted') => standingWords[standing]
