import type { Amount, RolloutGate, RolloutPlan, UseCase, Workload } from '@tradewind/protocol'
import { useCases } from '../words/name-placement'

/**
 * `new`: a workload that is made. `change`: one that is there, asked otherwise. `give`: devices get what a workload gives
 * them, whether it selects them or not. `build`: devices get a build by its name.
 */
export const modes = ['new', 'change', 'give', 'build'] as const
export type Mode = (typeof modes)[number]

/** All that a person chooses on the page, as it stands in its fields and in the URL: text, `''` for nothing. */
export type Choice = typeof noChoice
export const noChoice = {
  mode: 'new' as Mode,
  /** of a new workload; nothing: it is named after its use */
  id: '',
  workload: '',
  build: '',
  /** `site=lyon,role=till`, and ids with commas between */
  labels: '',
  devices: '',
  use: '',
  context: '4096',
  slots: '',
  languages: '',
  priority: '',
  policy: '',
  recall: '',
  commercial: '',
  users: '',
  speed: '',
  factor: '',
  wait: '',
  pin: '',
  /** how carefully: `''` for waves stands for at once */
  waves: '1, 10%, 50%, 100%',
  atOnce: '25%',
  /** shares in percent, times in minutes and hours */
  succeed: '80',
  fail: '5',
  pace: '75',
  smoke: 'flagged',
  soak: '10',
  deadline: '6',
  /** `22:00-05:00` in `zone`; nothing: always */
  window: '',
  days: '',
  zone: '',
}

export type KeptWorkload = { id: string; version: number; workload: Workload }
export type Incomplete = { ok: false; missing: string }
export type Ask = { ok: true; body: object }

/** What a URL does not say is as it is in the workload that is to be changed, or as usual. */
export function readChoice(query: URLSearchParams, workloads: KeptWorkload[]): Choice {
  const given = Object.fromEntries(Object.keys(noChoice).flatMap((name) => pairOf(name, query.get(name))))
  const mode = modes.find((one) => one === given.mode) ?? impliedMode(given, workloads)
  return { ...usual(mode, given.workload ?? '', workloads), ...given, mode }
}
const pairOf = (name: string, value: string | null): [string, string][] => (value === null ? [] : [[name, value]])

/** Who comes with devices by their names wants them to have something that is there, where anything is. */
function impliedMode(
  { workload, build, labels, devices }: Record<string, string | undefined>,
  workloads: KeptWorkload[],
): Mode {
  if (workload) return labels || devices ? 'give' : 'change'
  if (build) return 'build'
  return devices && workloads.length > 0 ? 'give' : 'new'
}

/** `?…` with what differs from the usual; `''` where nothing does. */
export function writeChoice(choice: Choice, workloads: KeptWorkload[]): string {
  const base: Record<string, string> = usual(choice.mode, choice.workload, workloads)
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(choice))
    if (value !== base[name] || name === 'workload') query.set(name, value)
  if (choice.workload === '') query.delete('workload')
  if (choice.mode !== impliedMode(Object.fromEntries(query), workloads)) query.set('mode', choice.mode)
  return query.size > 0 ? `?${query}` : ''
}

export function usual(mode: Mode, workload: string, workloads: KeptWorkload[]): Choice {
  const kept = mode === 'change' ? workloads.find(({ id }) => id === workload) : undefined
  return { ...noChoice, ...(kept && fieldsOf(kept.workload)), mode, workload }
}

const fieldsOf = (workload: Workload): Partial<Choice> => ({
  labels: writeLabels(workload.selects ?? {}),
  devices: (workload.devices ?? []).join(','),
  use: workload.useCases.join(','),
  context: String(workload.context),
  slots: numberText(workload.slots),
  languages: (workload.languages ?? []).join(', '),
  priority: numberText(workload.priority),
  policy: workload.policy ?? '',
  recall: workload.hallucination ?? '',
  commercial: workload.commercial ? 'yes' : '',
  users: numberText(workload.monthlyUsers),
  speed: numberText(workload.generationPerSecond),
  factor: numberText(workload.realTimeFactor),
  wait: numberText(workload.firstTokenSeconds),
  pin: workload.pin ?? '',
})
const numberText = (value: number | undefined) => (value === undefined ? '' : String(value))

export const writeLabels = (labels: Record<string, string>) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')

export const readLabels = (text: string): Record<string, string> =>
  Object.fromEntries(
    listOf(text).flatMap((pair) => {
      const at = pair.indexOf('=')
      return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]] : []
    }),
  )

/** Parts between commas, without the empty ones. */
export const listOf = (text: string) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

export const usesOf = ({ use }: Choice): UseCase[] => useCases.filter((one) => listOf(use).includes(one))

/** The name that a new workload gets where nobody gives it one: after its use and its labels, and not taken. */
export function nameFor(choice: Choice, workloads: KeptWorkload[]): string {
  const [use = 'workload'] = usesOf(choice)
  const words = [use, ...Object.values(readLabels(choice.labels))].join('-').toLowerCase()
  const name = words
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 36)
    .replace(/-+$/, '')
  const taken = new Set(workloads.map(({ id }) => id))
  let number = 1
  while (taken.has(number === 1 ? name : `${name}-${number}`)) number++
  return number === 1 ? name : `${name}-${number}`
}

/** The workload as it is to be; what the page has no field for stays as it was. */
export function draftOf(choice: Choice, workloads: KeptWorkload[]): { ok: true; workload: Workload } | Incomplete {
  const kept = workloads.find(({ id }) => id === choice.workload)?.workload
  if (choice.mode === 'change' && !kept) return missing('Choose the workload to change.')
  const id = choice.mode === 'change' ? choice.workload : choice.id || nameFor(choice, workloads)
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(id)) return missing('A name is of small letters, digits and hyphens.')
  const uses = usesOf(choice)
  if (uses.length === 0) return missing('Choose what the devices are for.')
  const context = wholeOf(choice.context)
  if (!context) return missing('Say how many tokens one request may span.')
  const languages = listOf(choice.languages.toLowerCase())
  const [selects, devices] = [readLabels(choice.labels), listOf(choice.devices)]
  const said: Record<string, unknown> = {
    ...{ id, useCases: uses, context, slots: wholeOf(choice.slots), priority: integerOf(choice.priority) },
    ...{ languages: languages.length > 0 ? languages : undefined, pin: choice.pin || undefined },
    selects: Object.keys(selects).length > 0 ? selects : undefined,
    devices: devices.length > 0 ? devices : undefined,
    ...{ policy: choice.policy || undefined, hallucination: choice.recall || undefined },
    commercial: choice.commercial === 'yes' || undefined,
    monthlyUsers: choice.commercial === 'yes' ? wholeOf(choice.users) : undefined,
    ...{ generationPerSecond: positiveOf(choice.speed), realTimeFactor: positiveOf(choice.factor) },
    firstTokenSeconds: positiveOf(choice.wait),
  }
  const all = Object.entries({ ...kept, ...said }).filter(([, value]) => value !== undefined)
  return { ok: true, workload: Object.fromEntries(all) as Workload }
}

const missing = (says: string): Incomplete => ({ ok: false, missing: says })
const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))
const positiveOf = (text: string) => (numberOf(text) > 0 ? numberOf(text) : undefined)
const integerOf = (text: string) => (Number.isSafeInteger(numberOf(text)) ? numberOf(text) : undefined)
const wholeOf = (text: string) => (numberOf(text) > 0 ? integerOf(text) : undefined)

/** Which devices, and what they get: the part that a preview and an order have in common. */
function targetOf({ mode, workload, build, labels, devices }: Choice): Ask | Incomplete {
  const [names, ids] = [readLabels(labels), listOf(devices)]
  if (mode === 'give' && workload === '') return missing('Choose the workload.')
  if (mode === 'build' && build === '') return missing('Choose the build.')
  if (ids.length === 0 && Object.keys(names).length === 0) return missing('Choose devices, by label or by name.')
  const which = ids.length > 0 ? { devices: ids } : { labels: names }
  return { ok: true, body: { ...which, ...(mode === 'give' ? { workload } : { build }) } }
}

/** What `POST /preview` is asked, or what is still to be chosen. */
export function previewAsk(choice: Choice, workloads: KeptWorkload[], limit: number): Ask | Incomplete {
  if (choice.mode === 'give' || choice.mode === 'build') {
    const target = targetOf(choice)
    return target.ok ? { ok: true, body: { ...target.body, limit } } : target
  }
  const draft = draftOf(choice, workloads)
  return draft.ok ? { ok: true, body: { draft: draft.workload, limit } } : draft
}

export type Order = { method: 'POST' | 'PUT'; path: string; body: object; workload: string | null }

/** What is sent when a person starts it. */
export function orderOf(choice: Choice, workloads: KeptWorkload[]): ({ ok: true } & Order) | Incomplete {
  const planned = planOf(choice)
  if (!planned.ok) return planned
  const { plan } = planned
  if (choice.mode === 'give' || choice.mode === 'build') {
    const target = targetOf(choice)
    if (!target.ok) return target
    return { ok: true, method: 'POST', path: '/api/v1/assignments', body: { ...target.body, plan }, workload: null }
  }
  const draft = draftOf(choice, workloads)
  if (!draft.ok) return draft
  const { workload } = draft
  // a change always goes in waves: at once is one wave of all
  const changing = { workload, plan: plan ?? atOnce }
  return choice.mode === 'new'
    ? {
        ok: true,
        method: 'POST',
        path: '/api/v1/workloads',
        body: { ...workload, plan: changing.plan },
        workload: workload.id,
      }
    : { ok: true, method: 'PUT', path: `/api/v1/workloads/${workload.id}`, body: changing, workload: workload.id }
}

type PlanWish = Pick<RolloutPlan, 'waves' | 'mostAtOnce' | 'window'> & { gate: RolloutGate }
const atOnce = { waves: [{ share: 1 }], mostAtOnce: { share: 1 }, gate: { soakMs: 0 } }

/** `null`: at once. */
export function planOf(choice: Choice): { ok: true; plan: PlanWish | null } | Incomplete {
  if (listOf(choice.waves).length === 0) return { ok: true, plan: null }
  const waves = listOf(choice.waves).map(amountOf)
  const mostAtOnce = amountOf(choice.atOnce)
  if (waves.length > 20 || waves.some((one) => one === null))
    return missing('Waves are numbers of devices or shares, with commas between: 1, 10%, 50%, 100%.')
  if (!mostAtOnce) return missing('At the same time: a number of devices, or a share such as 25%.')
  const shares = [choice.succeed, choice.fail, choice.pace].map(numberOf)
  if (shares.some((share) => !(share >= 0 && share <= 100))) return missing('A share is between 0 and 100 %.')
  const [soak, deadline] = [numberOf(choice.soak), numberOf(choice.deadline)]
  if (!(soak >= 0) || !(deadline > 0)) return missing('Say the soak in minutes, and the deadline in hours.')
  const window = windowOf(choice)
  if (window === undefined) return missing('A window is from one time to another: 22:00 to 05:00.')
  const [succeed = 0, fail = 0, pace = 0] = shares.map((share) => share / 100)
  return {
    ok: true,
    plan: {
      waves: waves as Amount[],
      mostAtOnce,
      window,
      gate: {
        ...{ successShare: succeed, failureShare: fail, speedShare: pace },
        smoke: choice.smoke === 'passed' ? 'passed' : 'flagged',
        ...{ soakMs: Math.round(soak * 60_000), deadlineMs: Math.round(deadline * 3_600_000) },
      },
    },
  }
}

/** `10%` or `5`. */
function amountOf(text: string): Amount | null {
  const [, digits, isShare] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? []
  const value = Number(digits)
  if (digits === undefined || !(value > 0)) return null
  if (isShare) return value <= 100 ? { share: value / 100 } : null
  return Number.isSafeInteger(value) ? { devices: value } : null
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** Undefined: it is not written as one. */
function windowOf({ window, days, zone }: Choice): PlanWish['window'] | undefined {
  if (window === '') return null
  const [, from, to] = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(window) ?? []
  if (!from || !to) return undefined
  const chosen = weekdays.filter((day) => listOf(days).includes(day))
  return { zone: zone || 'UTC', from, to, days: chosen.length > 0 ? chosen : [...weekdays] }
}

/** `Waves of 1, 10 %, 50 % and 100 %, 25 % at the same time`: a plan in one line, for who does not open it. */
export function planWords(choice: Choice): string {
  const waves = listOf(choice.waves)
  if (waves.length === 0) return 'At once: all devices are told in the same moment.'
  const night = choice.window ? `, between ${choice.window.replace('-', ' and ')}` : ''
  const steps =
    waves.length === 1 ? `One wave of ${waves[0]}` : `Waves of ${waves.slice(0, -1).join(', ')} and ${waves.at(-1)}`
  return `${steps}; at most ${choice.atOnce} change at the same time${night}. It stops by itself when more than ${choice.fail} % fail.`
}
