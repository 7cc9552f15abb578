import { Command } from 'commander'
import { findDevice } from '../devices/find'
import { Failure } from '../failure'
import { openSession, type Session } from '../session'
import type { Terminal } from '../terminal'
import { isAgreed, questionOf } from './agree'
import { pairsOf, several } from './pairs'
import { type PlanOptions, planOf, withNow } from './plan'
import { AssignedReply, PreviewReply } from './replies'
import { tellAssigned, tellPreview } from './tell'

type AssignOptions = PlanOptions & {
  device?: string[]
  label?: string[]
  workload?: string
  build?: string
  dryRun?: boolean
  yes?: boolean
  json?: boolean
}

export const assignCommand = (terminal: Terminal): Command =>
  withNow(new Command('assign').description('give devices a build, or what a workload gives them; shows it first'))
    .option('--device <device>', 'id or unique name; may be repeated', several)
    .option('--label <name=value>', 'every device that has it; of several, all', several)
    .option('--workload <id>', 'one of tradewind workload list')
    .option('--build <id>', 'one of tradewind models')
    .option('--dry-run', 'show it, and do nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print the answer of the API')
    .action((options: AssignOptions) => assign(openSession(terminal), options, terminal.confirm))

async function assign(session: Session, options: AssignOptions, confirm: Terminal['confirm']) {
  const { workload, build, dryRun, yes, json } = options
  if (workload === undefined && build === undefined)
    throw new Failure('usage', 'Say what the devices are to get.', 'Give --workload ID, --build ID, or both.')
  const target = { ...(await whichOf(session, options)), ...(workload && { workload }), ...(build && { build }) }
  const preview = await session.api.call('POST', '/preview', PreviewReply, target)
  if (dryRun && json) return session.json(preview)
  if (!json) tellPreview(session, preview)
  if (dryRun) return
  if (!(await isAgreed(session, confirm, yes, questionOf(preview.changes)))) return
  const reply = await session.api.call('POST', '/assignments', AssignedReply, { ...target, plan: planOf(options) })
  if (json) session.json(reply)
  else tellAssigned(session, reply, new Map(preview.rows.map(({ id, name }) => [id, name])))
  if (reply.assigned.length + reply.rollouts.length === 0 && reply.refused.length > 0)
    throw new Failure(
      'nothing-assigned',
      'No device took it.',
      'Do what its refusal asks for, or choose another build.',
    )
}

async function whichOf({ api }: Session, { device, label }: AssignOptions) {
  if ((device === undefined) === (label === undefined))
    throw new Failure('usage', 'Say which devices.', 'Give either --device DEVICE or --label NAME=VALUE.')
  if (label) return { labels: pairsOf(label) }
  const found = await Promise.all((device ?? []).map((one) => findDevice(api, one)))
  return { devices: found.map(({ id }) => id) }
}
