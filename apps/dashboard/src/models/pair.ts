/** Two variants beside each other, by their places in the catalogue. */
export type Pair = [number, number]

/** The two that `?compare=e2b,31b` names; null when it does not name two different ones that are there. */
export function readPair(text: string | null, variants: { id: string }[]): Pair | null {
  const [first = '', second = ''] = (text ?? '').split(',')
  const pair: Pair = [placeOf(first, variants), placeOf(second, variants)]
  return pair.includes(-1) || pair[0] === pair[1] ? null : pair
}

export const writePair = ([first, second]: Pair, variants: { id: string }[]) =>
  `${variants[first]?.id ?? ''},${variants[second]?.id ?? ''}`

/** One of the pair becomes another; where that is the other one already the two change places. */
export function withOne(pair: Pair, which: 0 | 1, place: number): Pair {
  const other = pair[which === 0 ? 1 : 0]
  const kept = other === place ? pair[which] : other
  return which === 0 ? [place, kept] : [kept, place]
}

const placeOf = (id: string, variants: { id: string }[]) => variants.findIndex((one) => one.id === id)
