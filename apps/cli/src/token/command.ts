import { Command, InvalidArgumentError } from 'commander'
import { findDevice } from '../devices/find'
import { type Cell, relative, span } from '../format'
import { openSession, type Session } from '../session'
import type { Terminal } from '../terminal'
import { CreatedToken, Done, type Token, TokenList } from './replies'

export function tokenCommand(terminal: Terminal): Command {
  const token = new Command('token').description('one-time tokens that let devices in')
  const add = (usage: string, says: string) =>
    token.command(usage).description(says).option('--json', 'print the answer of the API')

  add('create', 'make a token; it is shown this once')
    .option('--note <text>', 'what it is for', '')
    .option('--hours <hours>', 'how long it can be used, 1 to 720', hours, 24)
    .option('--for-device <device>', 'let it replace the key of this device instead of adding one')
    .action((options: CreateOptions) => create(openSession(terminal), options))
  add('list', 'tokens and what became of them').action((options) => list(openSession(terminal), options))
  add('revoke <id>', 'make an unused token useless').action((id, options) => revoke(openSession(terminal), id, options))
  return token
}

type CreateOptions = { note: string; hours: number; forDevice?: string; json?: boolean }

function hours(text: string): number {
  const value = Number(text)
  if (!(value >= 1 && value <= 720)) throw new InvalidArgumentError('Give a number from 1 to 720.')
  return value
}

/** Only the token itself goes to standard output, so that it can be piped. */
async function create(session: Session, { note, hours, forDevice, json }: CreateOptions) {
  const device = forDevice === undefined ? undefined : await findDevice(session.api, forDevice)
  const ask = { note, lifeHours: hours, ...(device ? { forDevice: device.id } : {}) }
  const created = await session.api.call('POST', '/enrol-tokens', CreatedToken, ask)
  if (json) return session.json(created)
  const use = device ? `replaces the key of ${device.name}` : 'lets one device in'
  session.note(`Token ${created.id} ${use} within ${span(created.expiresMs - session.nowMs)}. It is shown this once:`)
  session.say(created.text)
}

async function list(session: Session, { json }: { json?: boolean }) {
  const reply = await session.api.call('GET', '/enrol-tokens', TokenList)
  if (json) return session.json(reply)
  if (reply.tokens.length === 0) return session.say('No token was made yet: tradewind token create.')
  session.table(
    ['ID', 'STATE', 'NOTE', 'MADE', 'BY', 'EXPIRES', 'FOR DEVICE', 'USED BY'],
    reply.tokens.map((token) => cells(token, session.nowMs)),
  )
}

const cells = (token: Token, nowMs: number): Cell[] => [
  token.id,
  token.state === 'open' ? { text: 'open', style: 'green' } : token.state,
  token.note || '-',
  relative(token.createdMs, nowMs),
  token.createdBy,
  relative(token.expiresMs, nowMs),
  token.forDevice ?? '-',
  token.usedBy ?? '-',
]

async function revoke(session: Session, id: string, { json }: { json?: boolean }) {
  const reply = await session.api.call('DELETE', `/enrol-tokens/${encodeURIComponent(id)}`, Done)
  if (json) return session.json(reply)
  session.say(`Revoked token ${id}.`)
}
