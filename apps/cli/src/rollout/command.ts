import { setTimeout } from 'node:timers/promises'
import { Command } from 'commander'
import { z } from 'zod'
import { isAgreed } from '../assign/agree'
import { type Cell, relative, type Style } from '../format'
import { openSession, type Session } from '../session'
import type { Terminal } from '../terminal'

const text = z.string()
const said = z.looseObject({ code: text, numbers: z.record(text, z.number()) }).nullable()
const summary = {
  id: text,
  at: z.number(),
  actor: text,
  workloadId: text.nullable(),
  state: text,
  wave: z.number(),
  waves: z.number(),
  outcomes: z.record(text, z.number()),
  pause: said,
  waiting: said,
}
const RolloutList = z.object({ rollouts: z.array(z.looseObject(summary)) })
const Rollout = z.looseObject({
  ...summary,
  members: z.array(
    z.looseObject({ deviceId: text, name: text, wave: z.number(), build: text, outcome: text, code: text.nullable() }),
  ),
})
type Summary = z.infer<typeof RolloutList>['rollouts'][number]
type Rollout = z.infer<typeof Rollout>
const Steered = z.looseObject({ state: text })

type Json = { json?: boolean }
const pollMs = 2_000
const ended = ['done', 'aborted', 'rolled-back']

export function rolloutCommand(terminal: Terminal): Command {
  const rollout = new Command('rollout').description('changes that go through the fleet in waves')
  const add = (usage: string, says: string) =>
    rollout.command(usage).description(says).option('--json', 'print the answer of the API')

  add('list', 'the newest first').action((options) => list(openSession(terminal), options))
  add('show <id>', 'one with its members')
    .option('--watch', 'go on showing it until it has ended')
    .action((id, options) => show(openSession(terminal), id, options))
  const steer = (verb: string, act: string, says: string, warning?: string) =>
    add(`${verb} <id>`, says)
      .option('--yes', 'do not ask')
      .action(async (id: string, { yes, json }: Json & { yes?: boolean }) => {
        const session = openSession(terminal)
        if (warning && !(await isAgreed(session, terminal.confirm, yes, `${warning} ${id}?`))) return
        const reply = await session.api.call('POST', `/rollouts/${encodeURIComponent(id)}/${act}`, Steered)
        if (json) return session.json(reply)
        session.say(`Rollout ${id} is ${reply.state}.`)
      })
  steer('pause', 'pause', 'tell no further device')
  steer('resume', 'resume', 'go on; who has failed is excused')
  steer('abort', 'abort', 'end it: what has changed stays', 'End')
  steer('rollback', 'roll-back', 'give every member back what it had', 'Give every member back what it had before')
  return rollout
}

async function list(session: Session, { json }: Json) {
  const reply = await session.api.call('GET', '/rollouts', RolloutList)
  if (json) return session.json(reply)
  if (reply.rollouts.length === 0) return session.say('There was no rollout yet: tradewind assign begins one.')
  session.table(
    ['ID', 'STATE', 'WAVE', 'MEMBERS', 'FOR', 'BEGUN', 'BY', 'BECAUSE'],
    reply.rollouts.map((one) => [
      one.id,
      stateCell(one.state),
      `${Math.min(one.wave + 1, one.waves)} of ${one.waves}`,
      outcomeWords(one),
      one.workloadId ?? '-',
      relative(one.at, session.nowMs),
      one.actor,
      reasonOf(one),
    ]),
  )
}

const stateStyles: Record<string, Style> = {
  running: 'green',
  done: 'green',
  paused: 'yellow',
  'rolling-back': 'yellow',
}
const stateCell = (state: string): Cell => (stateStyles[state] ? { text: state, style: stateStyles[state] } : state)

const outcomeWords = ({ outcomes }: Summary) =>
  Object.entries(outcomes)
    .map(([outcome, members]) => `${members} ${outcome}`)
    .join(', ')

function reasonOf({ pause, waiting }: Pick<Summary, 'pause' | 'waiting'>): string {
  const why = pause ?? waiting
  if (!why) return '-'
  const numbers = Object.entries(why.numbers).map(([name, value]) => `${name} ${value}`)
  return [why.code, ...numbers].join(', ')
}

async function show(session: Session, id: string, { json, watch }: Json & { watch?: boolean }) {
  let told = ''
  for (;;) {
    const rollout = await session.api.call('GET', `/rollouts/${encodeURIComponent(id)}`, Rollout)
    const now = JSON.stringify([rollout.state, rollout.wave, rollout.outcomes, rollout.pause, rollout.waiting?.code])
    if (now !== told && json) session.json(rollout)
    else if (now !== told && told === '') tellWhole(session, rollout)
    else if (now !== told)
      session.say(`wave ${rollout.wave + 1}, ${rollout.state}: ${outcomeWords(rollout)}; ${reasonOf(rollout)}`)
    told = now
    if (!watch || ended.includes(rollout.state)) return
    await setTimeout(pollMs)
  }
}

function tellWhole(session: Session, rollout: Rollout) {
  session.fields([
    ['rollout', rollout.id],
    ['state', stateCell(rollout.state)],
    ['because', reasonOf(rollout)],
    ['wave', `${Math.min(rollout.wave + 1, rollout.waves)} of ${rollout.waves}`],
    ['members', outcomeWords(rollout)],
    ['for', rollout.workloadId ?? '-'],
    ['begun', `${relative(rollout.at, session.nowMs)} by ${rollout.actor}`],
  ])
  session.say('')
  session.table(
    ['WAVE', 'DEVICE', 'ID', 'BUILD', 'OUTCOME', 'WHY'],
    rollout.members.map(({ wave, name, deviceId, build, outcome, code }) => [
      String(wave + 1),
      name,
      deviceId,
      build,
      outcome === 'failed' ? { text: outcome, style: 'red' } : outcome,
      code ?? '-',
    ]),
  )
}
