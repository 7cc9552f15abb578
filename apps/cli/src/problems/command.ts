import { Command, InvalidArgumentError } from 'commander'
import { findDevice } from '../devices/find'
import { type Cell, relative, type Style, span } from '../format'
import { openSession, type Session } from '../session'
import type { Terminal } from '../terminal'
import { Acknowledged, FleetProblems, type Problem, ProblemList, Silenced, Unsilenced } from './replies'

type Json = { json?: boolean }
type ListOptions = Json & { ended?: boolean; code?: string }
type Which = Json & { code?: string }
type Noted = Which & { note?: string }

export function problemsCommand(terminal: Terminal): Command {
  const problems = new Command('problems').description('what is wrong, the most urgent first')
  const add = (usage: string, says: string, isDefault = false) =>
    problems
      .command(usage, { isDefault })
      .description(says)
      .option('--code <code>', 'only this one of its problems: lost, hot, disk-low …')
      .option('--json', 'print the answer of the API')
  const note = ['--note <text>', 'for the others who look after the fleet'] as const

  add('list [device]', 'all that is wrong; of one device also what to do', true)
    .option('--ended', 'what was wrong and is not any more')
    .action((device, options) => list(openSession(terminal), device, options))
  add('acknowledge <device>', 'say that somebody knows of its problems; they wait again when they get worse')
    .option(...note)
    .action((device, options) => acknowledge(openSession(terminal), device, options))
  add('silence <device>', 'do not show its problems for a while')
    .option('--hours <hours>', 'for how long, 1 to 8760', hours, 24)
    .option(...note)
    .action((device, options) => silence(openSession(terminal), device, options))
  add('unsilence <device>', 'show its problems again').action((device, options) =>
    unsilence(openSession(terminal), device, options),
  )
  return problems
}

function hours(text: string): number {
  const value = Number(text)
  if (!(value >= 1 && value <= 8760)) throw new InvalidArgumentError('Give a number from 1 to 8760.')
  return value
}

/** As many as the API gives at once. */
const perPage = 1000

async function list(session: Session, name: string | undefined, options: ListOptions) {
  const device = name === undefined ? undefined : await findDevice(session.api, name)
  const reply = await problemsOf(session, device?.id, options)
  const isFleet = device === undefined && options.code === undefined && !options.ended
  const { fleet } = isFleet ? await session.api.call('GET', '/attention', FleetProblems) : { fleet: [] }
  if (options.json) return session.json({ ...reply, ...(isFleet && { fleet }) })
  for (const { severity, title, toDo } of fleet) session.say(`${severity}: ${title}. ${toDo}`)
  if (fleet.length > 0) session.say('')
  if (reply.problems.length === 0)
    return session.say(options.ended ? 'Nothing has ended in the last 90 days.' : 'Nothing is wrong.')
  if (device === undefined || options.ended) return showTable(session, reply)
  for (const problem of reply.problems) showWhole(session, problem)
}

function problemsOf(session: Session, device: string | undefined, { ended, code }: ListOptions) {
  const query = new URLSearchParams({
    ...{ state: ended ? 'ended' : 'open', limit: String(perPage) },
    ...(device !== undefined && { device }),
    ...(code !== undefined && { code }),
  })
  return session.api.call('GET', `/problems?${query}`, ProblemList)
}

function showTable(session: Session, { problems, total }: { problems: Problem[]; total: number }) {
  session.table(
    ['SEVERITY', 'DEVICE', 'ID', 'PROBLEM', 'CODE', 'SINCE', 'STATE'],
    problems.map((one) => [
      severityCell(one),
      one.deviceName,
      one.deviceId,
      one.title,
      one.code,
      relative(one.sinceMs, session.nowMs),
      stateOf(one, session.nowMs),
    ]),
  )
  if (total > problems.length) session.say(`and ${total - problems.length} more: give a device, or --code.`)
}

function showWhole(session: Session, problem: Problem) {
  session.fields([
    [problem.code, severityCell(problem)],
    ['problem', problem.title],
    ['since', relative(problem.sinceMs, session.nowMs)],
    ['means', problem.means],
    ['to do', problem.toDo],
    ['state', stateOf(problem, session.nowMs)],
    ...(problem.note === null ? [] : [['note', problem.note] as [string, Cell]]),
  ])
  session.say('')
}

const severityStyles = new Map<string, Style>([
  ['critical', 'red'],
  ['warning', 'yellow'],
  ['notice', 'dim'],
])

function severityCell({ severity }: Problem): Cell {
  const style = severityStyles.get(severity)
  return style ? { text: severity, style } : severity
}

function stateOf({ state, endedMs, sinceMs, acknowledged, silenced }: Problem, nowMs: number): string {
  if (endedMs !== null) return `ended ${relative(endedMs, nowMs)}, after ${span(endedMs - sinceMs)}`
  if (silenced) return `silenced by ${silenced.by}, ends ${relative(silenced.untilMs, nowMs)}`
  return acknowledged ? `acknowledged by ${acknowledged.by}` : state
}

/** Ids of the problems that a device has now; nothing when there are none, which is said. */
async function openOf(session: Session, name: string, options: Which): Promise<string[] | null> {
  const device = await findDevice(session.api, name)
  const { problems } = await problemsOf(session, device.id, options)
  if (problems.length > 0) return problems.map(({ id }) => id)
  session.note(`Nothing is wrong with ${device.name}${options.code ? ` of the code ${options.code}` : ''}.`)
  return null
}

async function acknowledge(session: Session, name: string, { note, json, code }: Noted) {
  const ids = await openOf(session, name, { code })
  if (!ids) return
  const reply = await session.api.call('POST', '/problems/acknowledge', Acknowledged, { ids, note: note ?? null })
  if (json) return session.json(reply)
  session.say(`Acknowledged ${reply.acknowledged.length} of ${ids.length}.`)
}

async function silence(session: Session, name: string, options: Noted & { hours: number }) {
  const ids = await openOf(session, name, { code: options.code })
  if (!ids) return
  const ask = { ids, untilMs: Math.round(session.nowMs + options.hours * 3_600_000), note: options.note ?? null }
  const reply = await session.api.call('POST', '/problems/silence', Silenced, ask)
  if (options.json) return session.json(reply)
  session.say(`Silenced ${reply.silenced.length} for ${span(ask.untilMs - session.nowMs)}.`)
}

async function unsilence(session: Session, name: string, { json, code }: Which) {
  const ids = await openOf(session, name, { code })
  if (!ids) return
  const reply = await session.api.call('POST', '/problems/unsilence', Unsilenced, { ids })
  if (json) return session.json(reply)
  session.say(`Ended the silence of ${reply.unsilenced.length}.`)
}
