import type { HealthCode, Severity } from '@tradewind/fleet'

/** Problems of one code and severity that stand together, so that what they mean is said once. */
export type Bundle<P> = { key: string; code: HealthCode; severity: Severity; problems: P[] }

/** Keeps the order: a code that comes again later is a bundle of its own. */
export function bundle<P extends { code: HealthCode; severity: Severity }>(problems: readonly P[]): Bundle<P>[] {
  const bundles: Bundle<P>[] = []
  for (const problem of problems) {
    const last = bundles.at(-1)
    const { code, severity } = problem
    if (last?.code === code && last.severity === severity) last.problems.push(problem)
    else bundles.push({ key: `${severity} ${code} ${bundles.length}`, code, severity, problems: [problem] })
  }
  return bundles
}
