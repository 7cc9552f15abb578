import { comparators, gibibytes, isResolved, tokens } from '@tradewind/fleet'
import type { Build, Catalogue, Variant } from '@tradewind/protocol'
import { table } from '../format'
import type { Terminal } from '../terminal'

export function listModels({ out, colour }: Terminal, catalogue: Catalogue, { json }: { json?: boolean }) {
  if (json) return out(`${JSON.stringify(catalogue, null, 2)}\n`)
  out(
    table(
      ['VARIANT', 'PARAMETERS', 'CONTEXT', 'TAKES', 'BEST AT', 'GAVE UP'],
      catalogue.variants.map(variantRow),
      colour.out,
    ),
  )
  out('\n')
  out(table(['BUILD', 'ENGINE', 'FILES', 'RESOLVED'], catalogue.builds.map(buildRow), colour.out))
  out('\n')
  out(
    table(
      ['FOR COMPARISON ONLY', 'LICENCE', ''],
      comparators.map(({ name, licence, says }) => [name, licence, says]),
      colour.out,
    ),
  )
}

const variantRow = ({ id, parameters, maxContext, hears, sees, useCase, limitation }: Variant) => [
  id,
  `${billions(parameters.perToken)} ${parameters.kind} of ${billions(parameters.total)}`,
  tokens(maxContext),
  ['text', ...(sees ? ['images'] : []), ...(hears ? ['sound'] : [])].join(', '),
  useCase.says,
  limitation.corrected ?? limitation.says,
]

const billions = (count: number) => `${(count / 1e9).toFixed(1)} B`

const buildRow = ({ id, engine, files }: Build) => {
  const resolved = files.filter(isResolved).length
  return [
    id,
    engine,
    gibibytes(files.reduce((sum, { bytes }) => sum + bytes, 0)),
    resolved === files.length ? 'yes' : `${resolved} of ${files.length}: not assignable yet`,
  ]
}
