'use client'

import { useEffect, useRef, useState } from 'react'
import { classes } from '../ui/classes'

export type Place = { id: string; name: string }

/** The parts of a long page, always at hand; the one that is looked at is marked. */
export function PageNav({ places }: { places: Place[] }) {
  const { current, choose } = useCurrent(places)
  return (
    <nav
      aria-label="Parts of this page"
      className="sticky top-14 z-10 -mx-4 border-b bg-page px-4 sm:top-0 sm:-mx-6 sm:px-6 lg:-mx-8 lg:px-8"
    >
      <ul className="-mb-px flex gap-1 overflow-x-auto [scrollbar-width:none]">
        {places.map(({ id, name }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              onClick={() => choose(id)}
              aria-current={id === current ? 'true' : undefined}
              className={classes(
                'flex h-11 items-center whitespace-nowrap border-b-2 px-3 text-[13px] font-medium sm:h-10',
                id === current ? 'border-accent text-accent' : 'border-transparent text-muted hover:text-text',
              )}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** What a person chose stays marked while the page goes there, even where it is too short to get there. */
const settlesMs = 500

/** The last of the places whose top has passed below the bar; the last of all at the end of the page. */
function useCurrent(places: Place[]) {
  const [current, setCurrent] = useState(places[0]?.id)
  const chosenMs = useRef(0)
  const ids = places.map(({ id }) => id).join()
  useEffect(() => {
    const boxes = ids.split(',').flatMap((id) => document.getElementById(id) ?? [])
    const look = () => {
      if (Date.now() - chosenMs.current < settlesMs) return
      const isAtEnd = window.innerHeight + window.scrollY >= document.body.scrollHeight - 2
      const passed = boxes.findLast((box) => isAtEnd || box.getBoundingClientRect().top < 140)
      setCurrent((passed ?? boxes[0])?.id)
    }
    const watch = new IntersectionObserver(look, { rootMargin: '-120px 0px -60% 0px', threshold: [0, 1] })
    for (const box of boxes) watch.observe(box)
    return () => watch.disconnect()
  }, [ids])
  const choose = (id: string) => {
    chosenMs.current = Date.now()
    setCurrent(id)
  }
  return { current, choose }
}
