import { Workload } from '@tradewind/protocol'
import { Command } from 'commander'
import { z } from 'zod'
import { isAgreed, questionOf } from '../assign/agree'
import { type PlanOptions, planOf, withPlan } from '../assign/plan'
import { PreviewReply } from '../assign/replies'
import { tellPreview } from '../assign/tell'
import { relative } from '../format'
import { openSession, type Session } from '../session'
import type { Terminal } from '../terminal'
import { type RequirementOptions, withRequirements, workloadOf } from './requirements'

const Kept = z.looseObject({
  id: z.string(),
  version: z.number(),
  placedVersion: z.number(),
  workload: Workload,
  changedMs: z.number(),
  changedBy: z.string(),
})
const KeptList = z.object({ workloads: z.array(Kept) })
const Done = z.looseObject({})

type Common = { json?: boolean; yes?: boolean; dryRun?: boolean }
type Confirm = Terminal['confirm']

const pathOf = (id: string) => `/workloads/${encodeURIComponent(id)}`

export function workloadCommand(terminal: Terminal): Command {
  const workload = new Command('workload').description('what devices are for')
  const add = (usage: string, says: string) =>
    workload.command(usage).description(says).option('--json', 'print the answer of the API')
  const asking = (command: Command) =>
    withRequirements(command).option('--dry-run', 'show what would come of it').option('--yes', 'do not ask')

  add('list', 'all of them').action((options) => list(openSession(terminal), options))
  add('show <id>', 'one of them').action((id, options) => show(openSession(terminal), id, options))
  asking(add('create <id>', 'say what devices are for; shows who gets what first')).action((id, options) =>
    create(openSession(terminal), id, options, terminal.confirm),
  )
  withPlan(asking(add('change <id>', 'change it; the devices that this changes become a rollout'))).action(
    (id, options) => change(openSession(terminal), id, options, terminal.confirm),
  )
  add('delete <id>', 'forget it; devices go on serving what it gave them')
    .option('--yes', 'do not ask')
    .action((id, options) => remove(openSession(terminal), id, options, terminal.confirm))
  return workload
}

async function list(session: Session, { json }: Common) {
  const reply = await session.api.call('GET', '/workloads', KeptList)
  if (json) return session.json(reply)
  if (reply.workloads.length === 0)
    return session.say('Nobody has said yet what devices are for: tradewind workload create ID --for USE.')
  session.table(
    ['ID', 'FOR', 'CONTEXT', 'SELECTS', 'PRIORITY', 'VERSION', 'CHANGED', 'BY'],
    reply.workloads.map(({ id, workload, version, placedVersion, changedMs, changedBy }) => [
      id,
      workload.useCases.join(', '),
      String(workload.context),
      selectionOf(workload),
      String(workload.priority ?? 0),
      placedVersion < version ? `${version}, waits for its rollout` : String(version),
      relative(changedMs, session.nowMs),
      changedBy,
    ]),
  )
}

function selectionOf({ selects = {}, devices }: Workload): string {
  const labels = Object.entries(selects).map(([name, value]) => `${name}=${value}`)
  return [...labels, ...(devices ? [`${devices.length} devices`] : [])].join(', ') || 'every device'
}

async function show(session: Session, id: string, { json }: Common) {
  const kept = await session.api.call('GET', pathOf(id), Kept)
  if (json) return session.json(kept)
  const { id: _, selects: __, devices: ___, useCases, ...rest } = kept.workload
  session.fields([
    ['workload', kept.id],
    ['for', useCases.join(', ')],
    ['selects', selectionOf(kept.workload)],
    ...Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]),
    ['version', `${kept.version}, ${kept.placedVersion < kept.version ? 'waits for its rollout' : 'placed'}`],
    ['changed', `${relative(kept.changedMs, session.nowMs)} by ${kept.changedBy}`],
  ])
}

async function create(session: Session, id: string, options: RequirementOptions & Common, confirm: Confirm) {
  const workload = await workloadOf(session, id, options, {})
  if (!(await isWanted(session, workload, options, confirm))) return
  const kept = await session.api.call('POST', '/workloads', Kept, workload)
  if (options.json) return session.json(kept)
  session.say(`Workload ${id} is there. Devices that serve nothing are placed now: tradewind devices list.`)
}

async function change(
  session: Session,
  id: string,
  options: RequirementOptions & PlanOptions & Common,
  confirm: Confirm,
) {
  const before = await session.api.call('GET', pathOf(id), Kept)
  const workload = await workloadOf(session, id, options, before.workload)
  if (!(await isWanted(session, workload, options, confirm))) return
  const kept = await session.api.call('PUT', pathOf(id), Kept, { workload, plan: planOf(options) })
  if (options.json) return session.json(kept)
  session.say(`Workload ${id} is at version ${kept.version}. What it changes goes in waves: tradewind rollout list.`)
}

/** Shows what would come of it, and asks. */
async function isWanted(session: Session, draft: Workload, { dryRun, yes, json }: Common, confirm: Confirm) {
  const preview = await session.api.call('POST', '/preview', PreviewReply, { draft })
  if (dryRun && json) session.json(preview)
  if (!json) tellPreview(session, preview)
  return dryRun ? false : isAgreed(session, confirm, yes, questionOf(preview.changes))
}

async function remove(session: Session, id: string, { json, yes }: Common, confirm: Confirm) {
  if (!(await isAgreed(session, confirm, yes, `Forget workload ${id}?`))) return
  const reply = await session.api.call('DELETE', pathOf(id), Done)
  if (json) return session.json(reply)
  session.say(`Workload ${id} is gone. Devices go on serving what it gave them.`)
}
