import { abilityNames, figureNames, type TradeOff, tradeOff } from '@tradewind/fleet'
import type { Catalogue } from '@tradewind/protocol'
import { type Cell, table } from '../format'
import type { Terminal } from '../terminal'
import { variantOf } from './catalogue'

export function compareModels(
  { out, colour }: Terminal,
  catalogue: Catalogue,
  [one, other]: [string, string],
  { json }: { json?: boolean },
) {
  const compared = tradeOff(variantOf(catalogue, one), variantOf(catalogue, other))
  if (json) return out(`${JSON.stringify(compared, null, 2)}\n`)
  out(table(['', compared.here, compared.there, 'STANDING', 'SOURCE'], rows(compared), colour.out))
}

function rows({ figures, gained, lost, perToken }: TradeOff): Cell[][] {
  const billions = (count: number) => `${(count / 1e9).toFixed(1)} B`
  return [
    ['parameters read for a token', billions(perToken.here), billions(perToken.there), '', ''],
    ...gained.map((ability): Cell[] => [abilityNames[ability], { text: 'yes', style: 'green' }, 'no', '', '']),
    ...lost.map((ability): Cell[] => [abilityNames[ability], 'no', { text: 'yes', style: 'green' }, '', '']),
    ...figures.map(({ name, here, there, lost, standing, source }): Cell[] => [
      figureNames[name],
      here === there || lost ? String(here) : { text: String(here), style: 'green' },
      lost ? { text: String(there), style: 'green' } : String(there),
      standing,
      source,
    ]),
  ]
}
