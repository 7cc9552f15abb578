'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type MouseEvent, useOptimistic, useTransition } from 'react'
import { classes } from '../ui/classes'
import { hrefOfRange, type RangeName, rangeNames, ranges } from './ranges'

/** The range that is chosen, at once, and whether its charts are still on their way. */
export function useRange(shown: RangeName) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const [range, show] = useOptimistic(shown)
  const choose = (next: RangeName) =>
    startTransition(() => {
      show(next)
      router.push(hrefOfRange(next), { scroll: false })
    })
  return { range, pending, choose }
}

type Props = { range: RangeName; choose: (range: RangeName) => void }

/** Links, so that a range can be opened beside, shared, and left with Back. */
export const RangeLinks = ({ range, choose }: Props) => (
  <nav aria-label="Range" className="flex rounded-md border bg-surface p-0.5 shadow-card">
    {rangeNames.map((name) => (
      <Link
        key={name}
        href={hrefOfRange(name)}
        prefetch={false}
        scroll={false}
        aria-current={name === range ? 'true' : undefined}
        title={ranges[name].title}
        onClick={(event) => {
          if (opensElsewhere(event)) return
          event.preventDefault()
          choose(name)
        }}
        className={classes(
          'tabular grid h-10 min-w-12 place-items-center rounded-[5px] px-2.5 text-[13px] font-medium sm:h-7 sm:min-w-10',
          name === range ? 'bg-accent-soft text-accent' : 'text-muted hover:text-text',
        )}
      >
        {ranges[name].short}
      </Link>
    ))}
  </nav>
)

const opensElsewhere = ({ metaKey, ctrlKey, shiftKey, altKey }: MouseEvent) => metaKey || ctrlKey || shiftKey || altKey
