'use client'

import { type HealthCode, healthCodes, meaningOf, type Severity, severities } from '@tradewind/fleet'
import type { ProblemPage } from '@tradewind/store'
import { problemStates } from '@tradewind/store/model'
import { X } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { buttonLook } from '../ui/button'
import { classes } from '../ui/classes'
import { Select } from '../ui/field'
import { count } from '../words/format'
import { problemStateNames, severityNames } from '../words/name-severity'
import { type ProblemFilters, writeProblemFilters } from './filters'

type Props = { filters: ProblemFilters; byState: ProblemPage['byState']; deviceName: string | null }

export function FilterBar({ filters, byState, deviceName }: Props) {
  const router = useRouter()
  const hrefOf = (some: Partial<ProblemFilters>) => `/problems${writeProblemFilters({ ...filters, page: 1, ...some })}`
  const go = (some: Partial<ProblemFilters>) => router.replace(hrefOf(some), { scroll: false })
  return (
    <div className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-3">
      <nav aria-label="Where problems stand" className="-mx-1 flex min-w-0 gap-1 overflow-x-auto p-1">
        {problemStates.map((state) => (
          <Link
            key={state}
            href={hrefOf({ state })}
            aria-current={filters.state === state ? 'page' : undefined}
            className={classes(
              'flex h-11 shrink-0 items-center gap-2 rounded-md border px-3 text-[13px] font-medium transition-colors sm:h-8',
              filters.state === state
                ? 'border-line-strong bg-surface text-text shadow-card'
                : 'border-transparent text-muted hover:bg-raised',
            )}
          >
            {problemStateNames[state]}
            <span className={classes('tabular', filters.state === state ? 'text-muted' : 'text-faint')}>
              {count(byState[state])}
            </span>
          </Link>
        ))}
      </nav>
      <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:w-full">
        {filters.device && (
          <Link href={hrefOf({ device: null })} className={buttonLook({ size: 'small' })}>
            {deviceName ?? filters.device}
            <X aria-hidden />
            <span className="sr-only">Show all devices</span>
          </Link>
        )}
        <Select
          aria-label="Severity"
          className="w-auto max-sm:min-w-0 max-sm:flex-1 max-sm:basis-0"
          value={filters.severity ?? ''}
          onChange={(event) => go({ severity: (event.target.value || null) as Severity | null })}
        >
          <option value="">Any severity</option>
          {severities.map((severity) => (
            <option key={severity} value={severity}>
              {severityNames[severity]}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Kind of problem"
          className="w-auto max-sm:min-w-0 max-sm:flex-1 max-sm:basis-0"
          value={filters.code ?? ''}
          onChange={(event) => go({ code: (event.target.value || null) as HealthCode | null })}
        >
          <option value="">Any problem</option>
          {healthCodes.map((code) => (
            <option key={code} value={code}>
              {meaningOf(code).name}
            </option>
          ))}
        </Select>
      </div>
    </div>
  )
}
