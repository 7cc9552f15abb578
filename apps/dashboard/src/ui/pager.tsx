import { ChevronLeft, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { count } from '../words/format'
import { buttonLook } from './button'
import { classes } from './classes'

type Props = {
  /** of what: "devices" */
  name: string
  /** from 1 */
  page: number
  perPage: number
  /** how many are on this page, and on all: null when nobody has counted */
  shown: number
  total: number | null
  /** whether another page follows, where nobody has counted */
  more?: boolean
  hrefOf: (page: number) => string
  className?: string
}

/** Where in a long list this page is, and the way to its neighbours. Nothing when there is but one page. */
export function Pager({ name, page, perPage, shown, total, more = false, hrefOf, className }: Props) {
  const first = (page - 1) * perPage + 1
  const last = first + shown - 1
  const follows = total === null ? more : last < total
  if (page === 1 && !follows) return null
  return (
    <nav
      aria-label={`Pages of ${name}`}
      className={classes('flex flex-wrap items-center justify-between gap-x-6 gap-y-2', className)}
    >
      <p className="tabular text-[13px] text-muted">
        {count(first)}–{count(last)}
        {total !== null && ` of ${count(total)} ${name}`}
      </p>
      <div className="flex gap-2">
        <Step href={page > 1 ? hrefOf(page - 1) : null} rel="prev">
          <ChevronLeft aria-hidden />
          Previous
        </Step>
        <Step href={follows ? hrefOf(page + 1) : null} rel="next">
          Next
          <ChevronRight aria-hidden />
        </Step>
      </div>
    </nav>
  )
}

/** A step that leads nowhere stays where it is, so that the other does not move under the finger. */
const Step = ({ href, rel, children }: { href: string | null; rel: 'prev' | 'next'; children: ReactNode }) =>
  href === null ? (
    <span aria-disabled className={classes(buttonLook({ size: 'small' }), 'pointer-events-none opacity-45')}>
      {children}
    </span>
  ) : (
    <Link href={href} rel={rel} prefetch={false} className={buttonLook({ size: 'small' })}>
      {children}
    </Link>
  )
