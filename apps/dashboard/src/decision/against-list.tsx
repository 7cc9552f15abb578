import { BookOpen } from 'lucide-react'
import { classes } from '../ui/classes'
import { nameStanding } from './origin'
import type { Against, AgainstLine } from './panel'

/** What the build of this device gives up against its neighbours, each line a number with its source. */
export const AgainstList = ({ against, name }: { against: Against[]; name: string }) =>
  against.length === 0 ? (
    <p className="text-muted">The catalogue has no variant beside {name} to compare it with.</p>
  ) : (
    <div className="grid gap-6">
      {against.map((one) => (
        <Compared key={one.size} against={one} name={name} />
      ))}
      {against.length === 1 && (
        <p className="text-[13px] text-muted">
          {name} is the {against[0]?.size === 'larger' ? 'smallest' : 'largest'} variant of the catalogue.
        </p>
      )}
    </div>
  )

function Compared({
  against: { size, variant, build, verdict, why, lines },
  name,
}: {
  against: Against
  name: string
}) {
  const lost = lines.filter(({ better }) => better === 'there')
  const kept = lines.filter(({ better }) => better !== 'there')
  return (
    <div className="grid gap-2">
      <div>
        <h4 className="font-medium">
          Against the next {size}, {variant}
        </h4>
        <p className="text-[13px] text-muted">
          {verdict === 'fits' ? `${build} would fit here` : (why ?? 'It has no build in the catalogue')}
          {'.'}
        </p>
      </div>
      {lost.length === 0 ? (
        <p className="text-[13px] text-muted">Nothing that anybody has measured.</p>
      ) : (
        <Lines lines={lost} here={name} there={variant} caption={`What ${name} gives up against ${variant}`} />
      )}
      {kept.length > 0 && (
        <details>
          <summary className="inline-flex min-h-8 cursor-pointer items-center text-[13px] text-accent max-sm:min-h-11">
            What it is as good at, or better ({kept.length})
          </summary>
          <Lines
            lines={kept}
            here={name}
            there={variant}
            caption={`Where ${name} is as good as ${variant}, or better`}
          />
        </details>
      )}
    </div>
  )
}

type LinesProps = { lines: AgainstLine[]; here: string; there: string; caption: string }

const Lines = ({ lines, here, there, caption }: LinesProps) => (
  <table className="tabular w-full text-[13px]">
    <caption className="sr-only">{caption}</caption>
    <thead>
      <tr className="text-xs text-muted">
        <th scope="col" className="sr-only">
          What
        </th>
        <th scope="col" className="whitespace-nowrap py-1 pl-3 text-right font-medium">
          {short(here)}
        </th>
        <th scope="col" className="whitespace-nowrap py-1 pl-3 text-right font-medium">
          {short(there)}
        </th>
      </tr>
    </thead>
    <tbody className="divide-y">
      {lines.map((line) => (
        <tr key={line.name}>
          <th scope="row" className="py-1.5 text-left font-normal">
            {line.name}
            <Source line={line} />
          </th>
          <Figure value={line.here} better={line.better === 'here'} />
          <Figure value={line.there} better={line.better === 'there'} />
        </tr>
      ))}
    </tbody>
  </table>
)

/** The family is the same for all. */
const short = (variant: string) => variant.replace(/^Gemma 4 /, '')

const Figure = ({ value, better }: { value: string; better: boolean }) => (
  <td
    className={classes('whitespace-nowrap py-1.5 pl-3 text-right align-top', better ? 'font-semibold' : 'text-muted')}
  >
    {value}
    {better && <span className="sr-only"> (better)</span>}
  </td>
)

const isFigure = new Set(['confirmed', 'single-source', 'article-only', 'contradicted', 'published'])

const Source = ({ line: { standing, source } }: { line: AgainstLine }) => (
  <span className="block text-xs text-faint [overflow-wrap:anywhere]">
    {isFigure.has(standing) && <BookOpen className="mr-1 inline size-3 align-[-1px]" aria-hidden />}
    {nameStanding(standing)}: {source}
  </span>
)
