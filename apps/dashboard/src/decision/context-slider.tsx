import { RotateCcw } from 'lucide-react'
import { useId } from 'react'
import { Button } from '../ui/button'
import { count } from '../words/format'
import { nearestStep, stepWithin } from './context-steps'

type Props = {
  steps: number[]
  context: number
  ownContext: number
  /** the longest that the build of the panel has room for; null: there is none */
  longest: number | null
  /** what the own context is: asked, held, or usual */
  own: string
  choose: (context: number | null) => void
}

/** Asks what would be with another context. It changes nothing on the device. */
export function ContextSlider({ steps, context, ownContext, longest, own, choose }: Props) {
  const id = useId()
  const at = nearestStep(steps, context)
  const reach = longest === null ? null : stepWithin(steps, longest)
  const last = steps.length - 1
  return (
    <div className="grid gap-1.5">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <label htmlFor={id} className="font-medium">
          What if a request spans <output className="tabular">{count(context)}</output> tokens?
        </label>
        {context !== ownContext && (
          <Button size="small" onClick={() => choose(null)}>
            <RotateCcw aria-hidden />
            Back to {count(ownContext)}
          </Button>
        )}
      </div>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        step={1}
        value={at}
        aria-valuetext={`${count(steps[at] ?? 0)} tokens`}
        onChange={({ target }) => choose(steps[Number(target.value)] ?? null)}
        className="h-11 w-full cursor-pointer accent-accent sm:h-6"
      />
      <div className="relative h-9 text-xs text-muted" aria-hidden>
        <Mark share={nearestStep(steps, ownContext) / last} words={`↑ ${own}`} />
        {reach !== null && longest !== null && (
          <Mark share={reach / last} words={`↑ room for ${count(longest)}`} lower />
        )}
      </div>
    </div>
  )
}

/** Under the place of its step; the thumb is 16 px wide, so that the track ends half of it before the box. */
const Mark = ({ share, words, lower = false }: { share: number; words: string; lower?: boolean }) => (
  <span
    className="absolute flex flex-col whitespace-nowrap"
    style={{
      top: lower ? '1.1rem' : 0,
      left: `calc(8px + ${share} * (100% - 16px))`,
      transform: `translateX(-${share * 100}%)`,
    }}
  >
    {words}
  </span>
)
