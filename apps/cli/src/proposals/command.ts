import { Command } from 'commander'
import { z } from 'zod'
import { isAgreed } from '../assign/agree'
import { type PlanOptions, planOf, withNow } from '../assign/plan'
import { AssignedReply } from '../assign/replies'
import { tellAssigned } from '../assign/tell'
import { findDevice } from '../devices/find'
import { relative } from '../format'
import { openSession, type Session } from '../session'
import type { Terminal } from '../terminal'

const text = z.string()
const ProposalList = z.looseObject({
  proposals: z.array(
    z.looseObject({
      deviceId: text,
      deviceName: text,
      atMs: z.number(),
      workloadId: text,
      build: text,
      instead: text,
      gain: z.number().nullable(),
      dismissedMs: z.number().nullable(),
    }),
  ),
  unplaced: z.array(
    z.looseObject({ deviceId: text, deviceName: text, atMs: z.number(), kind: text, workloadId: text.nullable() }),
  ),
})
const Dismissed = z.looseObject({ dismissed: z.array(text) })

type Json = { json?: boolean }

export function proposalsCommand(terminal: Terminal): Command {
  const proposals = new Command('proposals').description('changes that wait for a person')
  const add = (usage: string, says: string) =>
    proposals.command(usage).description(says).option('--json', 'print the answer of the API')

  add('list', 'what is proposed, and what could be placed nowhere').action((options) =>
    list(openSession(terminal), options),
  )
  withNow(add('accept <devices...>', 'do what is proposed for them'))
    .option('--yes', 'do not ask')
    .action((devices, options) => accept(openSession(terminal), devices, options, terminal.confirm))
  add('dismiss <devices...>', 'leave them as they are; the same is not proposed again').action((devices, options) =>
    dismiss(openSession(terminal), devices, options),
  )
  return proposals
}

async function list(session: Session, { json }: Json) {
  const reply = await session.api.call('GET', '/proposals', ProposalList)
  if (json) return session.json(reply)
  const open = reply.proposals.filter(({ dismissedMs }) => dismissedMs === null)
  if (open.length === 0) session.say('Nothing is proposed.')
  else
    session.table(
      ['DEVICE', 'ID', 'NOW', 'PROPOSED', 'GAIN', 'WORKLOAD', 'SINCE'],
      open.map((one) => [
        one.deviceName,
        one.deviceId,
        one.instead,
        one.build,
        one.gain === null ? 'it may not stay' : `${Math.round(one.gain * 100)} %`,
        one.workloadId,
        relative(one.atMs, session.nowMs),
      ]),
    )
  if (reply.unplaced.length === 0) return
  session.say('')
  session.say('Not placed: tradewind assign --device DEVICE --workload ID --dry-run says why.')
  session.table(
    ['DEVICE', 'ID', 'BECAUSE', 'WORKLOAD', 'SINCE'],
    reply.unplaced.map(({ deviceName, deviceId, kind, workloadId, atMs }) => [
      deviceName,
      deviceId,
      kind,
      workloadId ?? 'several',
      relative(atMs, session.nowMs),
    ]),
  )
}

async function accept(
  session: Session,
  names: string[],
  options: PlanOptions & Json & { yes?: boolean },
  confirm: Terminal['confirm'],
) {
  const found = await Promise.all(names.map((name) => findDevice(session.api, name)))
  if (!(await isAgreed(session, confirm, options.yes, `Do what is proposed for ${found.length} devices?`))) return
  const ask = { devices: found.map(({ id }) => id), plan: planOf(options) }
  const reply = await session.api.call('POST', '/proposals/accept', AssignedReply, ask)
  if (options.json) return session.json(reply)
  tellAssigned(session, reply, new Map(found.map(({ id, name }) => [id, name])))
}

async function dismiss(session: Session, names: string[], { json }: Json) {
  const found = await Promise.all(names.map((name) => findDevice(session.api, name)))
  const ask = { devices: found.map(({ id }) => id) }
  const reply = await session.api.call('POST', '/proposals/dismiss', Dismissed, ask)
  if (json) return session.json(reply)
  session.say(`Dismissed ${reply.dismissed.length} of ${names.length}.`)
}
