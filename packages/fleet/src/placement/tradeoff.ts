import type { Catalogue, Figure, FigureOfMerit, Variant } from '@tradewind/protocol'

/** A figure that both variants have. `corrected` values count where the published one is contradicted. */
export type ComparedFigure = {
  name: FigureOfMerit
  here: number
  there: number
  /** whether the other variant is the better one */
  lost: boolean
  standing: Figure['standing']
  source: string
}

/** What one variant has and gives up against another. */
export type TradeOff = {
  here: string
  there: string
  figures: ComparedFigure[]
  /** what only one of the two can do */
  gained: Ability[]
  lost: Ability[]
  /** parameters read for each token: what decoding costs */
  perToken: { here: number; there: number }
}
export type Ability = 'hears' | 'sees' | 'long-context'

export function tradeOff(here: Variant, there: Variant): TradeOff {
  return {
    here: here.id,
    there: there.id,
    figures: Object.entries(here.figures).flatMap(([name, figure]) => {
      const other = there.figures[name as FigureOfMerit]
      return figure && other ? [compared(name as FigureOfMerit, figure, other)] : []
    }),
    gained: more(here, there),
    lost: more(there, here),
    perToken: { here: here.parameters.perToken, there: there.parameters.perToken },
  }
}

/** Against the next smaller and the next larger variant of the catalogue, which is in that order. */
export function neighbours({ variants }: Catalogue, id: string): { smaller?: TradeOff; larger?: TradeOff } {
  const at = variants.findIndex((variant) => variant.id === id)
  const [here, smaller, larger] = [variants[at], variants[at - 1], variants[at + 1]]
  if (!here) return {}
  return {
    ...(smaller && { smaller: tradeOff(here, smaller) }),
    ...(larger && { larger: tradeOff(here, larger) }),
  }
}

const trusted = ({ value, corrected }: Figure) => corrected ?? value

function compared(name: FigureOfMerit, here: Figure, there: Figure): ComparedFigure {
  const [a, b] = [trusted(here), trusted(there)]
  const weaker = here.standing === 'confirmed' ? there : here
  const lost = name === 'fleursErrors' ? b < a : b > a
  return { name, here: a, there: b, lost, standing: weaker.standing, source: weaker.source }
}

/** What the first can do and the second cannot. */
function more(one: Variant, other: Variant): Ability[] {
  const able: [Ability, boolean][] = [
    ['hears', one.hears && !other.hears],
    ['sees', one.sees && !other.sees],
    ['long-context', one.maxContext > other.maxContext],
  ]
  return able.filter(([, is]) => is).map(([ability]) => ability)
}
