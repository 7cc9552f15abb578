import { Mirror, MirrorPruned } from '@tradewind/protocol'
import { Command } from 'commander'
import { bytes } from '../format'
import { openSession, type Session } from '../session'
import type { Terminal } from '../terminal'
import { addBuild } from './add'
import { mirrorRow } from './row'

type Json = { json?: boolean }

export function mirrorCommand(terminal: Terminal): Command {
  const mirror = new Command('mirror').description('model files that the hub fetches once, for all of its devices')
  const add = (usage: string, says: string) =>
    mirror.command(usage).description(says).option('--json', 'print the answer of the API')

  add('add <build>', 'resolve the files of a build, and have the hub fetch them')
    .option('--resolve-only', 'record commit, size and sha256, and fetch nothing')
    .option('--no-wait', 'do not wait until all is there')
    .action((build, options) => addBuild(openSession(terminal), build, options, terminal.sleep))
  add('list', 'what is there, and on its way').action((options: Json) => list(openSession(terminal), options))
  add('prune', 'give up all that no device is assigned').action((options: Json) =>
    prune(openSession(terminal), options),
  )
  return mirror
}

async function list(session: Session, { json }: Json) {
  const mirror = await session.api.call('GET', '/mirror', Mirror)
  if (json) return session.json(mirror)
  const { builds, usedBytes, budgetBytes, roomBytes, source, mode } = mirror
  session.note(
    `${bytes(usedBytes)} of ${bytes(budgetBytes)} used, room for ${bytes(roomBytes)}; from ${source}, ${mode}`,
  )
  if (builds.length === 0) return session.say('Nothing is mirrored: tradewind mirror add BUILD.')
  session.table(
    ['BUILD', 'STATE', 'HERE', 'OF', 'DEVICES', 'LAST USED', ''],
    builds.map((one) => mirrorRow(one, session.nowMs)),
  )
}

async function prune(session: Session, { json }: Json) {
  const pruned = await session.api.call('POST', '/mirror/prune', MirrorPruned)
  if (json) return session.json(pruned)
  const { removed, freedBytes } = pruned
  session.say(`Gave up ${removed.length === 0 ? 'no build' : removed.join(', ')}; ${bytes(freedBytes)} are free again.`)
}
