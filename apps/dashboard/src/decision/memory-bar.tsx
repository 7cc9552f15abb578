import { classes } from '../ui/classes'
import { bytes } from '../words/format'
import type { MemoryParts } from './panel'

type Part = { name: string; bytes: number; look: string; title: string }

/** Darker is more of the model; what is free is empty, what must stay or is taken is hatched. */
function partsOf({ weights, projector, cache, working, extra, free, reserve, pool }: MemoryParts): Part[] {
  const place = pool === 'cards' ? 'on the cards' : 'in memory'
  return [
    { name: 'Weights', bytes: weights, look: 'bg-accent', title: 'The model itself' },
    { name: 'Projector', bytes: projector, look: 'bg-[var(--series-2)]', title: 'What hears and sees' },
    { name: 'KV cache', bytes: cache, look: 'bg-accent/55', title: 'What it keeps of the context' },
    { name: 'Working', bytes: working, look: 'bg-accent/25', title: 'Scratch of the engine, and the engine itself' },
    { name: 'Found by measuring', bytes: extra, look: 'bg-muted', title: 'Beyond the estimate, as was measured' },
    { name: 'Free', bytes: Math.max(0, free), look: 'bg-surface', title: `Left ${place} for requests and growth` },
    {
      name: 'Reserve',
      bytes: reserve ?? 0,
      look: 'hatched bg-unknown-soft',
      title: 'Taken by the system and other programs, or kept free',
    },
  ]
}

/** Where the memory goes, drawn to scale, and as numbers below. */
export function MemoryBar({ parts }: { parts: MemoryParts }) {
  const shown = partsOf(parts).filter((part) => part.bytes > 0)
  const sum = shown.reduce((total, part) => total + part.bytes, 0)
  return (
    <div className="grid gap-2">
      <div className="flex h-6 overflow-hidden rounded-md border border-line-strong" aria-hidden>
        {shown.map(({ name, bytes: size, look, title }) => (
          <span
            key={name}
            title={`${name}: ${bytes(size)}. ${title}`}
            className={classes('h-full min-w-0.5 border-r border-surface last:border-0', look)}
            style={{ width: `${(size / sum) * 100}%` }}
          />
        ))}
      </div>
      <dl className="tabular grid grid-cols-2 gap-x-5 gap-y-1 text-[13px] sm:grid-cols-3">
        {shown.map(({ name, bytes: size, look, title }) => (
          <div key={name} className="flex items-baseline gap-2" title={`${title}: ${size.toLocaleString('en')} bytes`}>
            <span className={classes('size-2.5 shrink-0 rounded-sm border border-line-strong', look)} aria-hidden />
            <dt className="text-muted">{name}</dt>
            <dd className="ml-auto whitespace-nowrap">{bytes(size)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

type NeedProps = { needBytes: number | null; haveBytes: number | null }

/** What one build needs of what it may use; beyond the mark it does not fit. */
export function NeedBar({ needBytes, haveBytes }: NeedProps) {
  if (needBytes === null || haveBytes === null) return <span className="text-faint">unknown</span>
  const fits = needBytes <= haveBytes
  const most = Math.max(needBytes, haveBytes)
  return (
    <div className="grid min-w-32 gap-1" title={`needs ${bytes(needBytes)}, ${bytes(haveBytes)} may be used`}>
      <span className="tabular whitespace-nowrap">
        {bytes(needBytes)} <span className="text-faint">of {bytes(haveBytes)}</span>
      </span>
      <span className="relative h-1.5 overflow-hidden rounded-full bg-raised" aria-hidden>
        <span
          className={classes('absolute inset-y-0 left-0', fits ? 'bg-accent' : 'bg-line-strong')}
          style={{ width: `${(needBytes / most) * 100}%` }}
        />
        {!fits && (
          <span className="absolute inset-y-0 w-0.5 bg-text" style={{ left: `${(haveBytes / most) * 100}%` }} />
        )}
      </span>
    </div>
  )
}
