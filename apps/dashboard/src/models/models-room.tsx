'use client'

import type { Matrix } from '@tradewind/fleet'
import { usePathname, useSearchParams } from 'next/navigation'
import { Button } from '../ui/button'
import { Field, Select } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { PageTitle } from '../ui/section'
import { count } from '../words/format'
import { ClassList } from './class-list'
import { FleetRows } from './fleet-rows'
import { MatrixTable } from './matrix-table'
import { type Pair, readPair, withOne, writePair } from './pair'
import { StandingLegend } from './standing-mark'
import { useFleetModels } from './use-fleet-models'

const contexts = [4096, 8192, 32_768, 80_000, 131_072, 262_144]

export function ModelsRoom({ matrix }: { matrix: Matrix }) {
  const { variants } = matrix
  const [query, setQuery] = useQuery()
  const named = readPair(query.get('compare'), variants)
  const pair: Pair = named ?? [0, Math.min(1, variants.length - 1)]
  const asked = Number(query.get('context'))
  const context = contexts.includes(asked) ? asked : 4096
  const chosen = variants.find(({ id }) => id === query.get('variant'))?.id ?? variants[0]?.id ?? ''
  const told = useFleetModels(context)
  const compare = (which: 0 | 1, place: number) =>
    setQuery({ compare: writePair(withOne(pair, which, place), variants) })
  return (
    <>
      <PageTitle
        title="Models"
        hint="What each variant of Gemma 4 gives and what it gives up for it. Every figure says where it is from; where the article and the evidence differ, both are here."
      />
      <div className="mb-4 flex flex-wrap items-end gap-3">
        {([0, 1] as const).map((which) => (
          <div key={which} className="max-sm:flex-1">
            <Field label={which === 0 ? 'Compare' : 'With'}>
              {({ id }) => (
                <Select
                  id={id}
                  value={named ? pair[which] : ''}
                  onChange={(event) => compare(which, Number(event.target.value))}
                  className="sm:w-48"
                >
                  {!named && <option value="">{`${variants[pair[which]]?.name ?? ''}`}</option>}
                  {variants.map(({ id, name }, place) => (
                    <option key={id} value={place}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
        ))}
        {named ? (
          <Button className="max-sm:hidden" onClick={() => setQuery({ compare: null })}>
            Show all {variants.length}
          </Button>
        ) : (
          <Button className="max-sm:hidden" onClick={() => setQuery({ compare: writePair(pair, variants) })}>
            Compare these two
          </Button>
        )}
        <div className="max-sm:w-full sm:ml-auto">
          <Field label="Context on your devices">
            {({ id }) => (
              <Select
                id={id}
                value={context}
                onChange={(event) => setQuery({ context: event.target.value === '4096' ? null : event.target.value })}
                className="sm:w-48"
              >
                {contexts.map((tokens) => (
                  <option key={tokens} value={tokens}>
                    {count(tokens)} tokens
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
      </div>
      {told.state === 'failed' && (
        <div className="mb-4 flex flex-wrap items-center gap-3">
          <ProblemNotice problem={told.problem} className="flex-1" />
          <Button onClick={told.again}>Try again</Button>
        </div>
      )}
      <div className="grid gap-10">
        <div className="grid min-w-0 gap-3">
          <MatrixTable matrix={matrix} pair={pair} comparing={named !== null}>
            <FleetRows
              variants={variants}
              fleet={told.fleet}
              failed={told.state === 'failed'}
              pair={pair}
              comparing={named !== null}
            />
          </MatrixTable>
          <StandingLegend />
        </div>
        <ClassList variants={variants} chosen={chosen} choose={(id) => setQuery({ variant: id })} fleet={told.fleet} />
      </div>
    </>
  )
}

/** What is looked at stands in the address, so that it can be sent to others; nothing is fetched for it. */
function useQuery() {
  const query = useSearchParams()
  const path = usePathname()
  const set = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(query)
    for (const [name, value] of Object.entries(changes))
      if (value === null) next.delete(name)
      else next.set(name, value)
    const text = next.toString().replaceAll('%2C', ',')
    window.history.replaceState(null, '', text === '' ? path : `${path}?${text}`)
  }
  return [query, set] as const
}
