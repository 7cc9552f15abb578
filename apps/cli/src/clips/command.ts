import { readFile, stat } from 'node:fs/promises'
import { mostSmokeClipBytes, SmokeClipKept } from '@tradewind/protocol'
import { Command } from 'commander'
import { z } from 'zod'
import { isAgreed } from '../assign/agree'
import { Failure } from '../failure'
import { bytes, relative } from '../format'
import { openSession, type Session } from '../session'
import type { Terminal } from '../terminal'

const ClipList = z.object({ clips: z.array(SmokeClipKept) })
const Deleted = z.looseObject({})

type Json = { json?: boolean }
type AddOptions = Json & { text: string; language: string; workload?: string; build?: string }

export function clipsCommand(terminal: Terminal): Command {
  const clips = new Command('clips').description('clips of your own that new builds are tested on')
  const add = (usage: string, says: string) =>
    clips.command(usage).description(says).option('--json', 'print the answer of the API')

  add('add <file>', 'test new builds on this clip, from the next assignment on')
    .requiredOption('--text <words>', 'what is spoken in it, word for word')
    .option('--language <code>', 'that is spoken', 'en')
    .option('--workload <id>', 'for what this workload gives')
    .option('--build <id>', 'for this build, wherever it goes')
    .action((file, options) => addClip(openSession(terminal), file, options))
  add('list', 'all of them').action((options: Json) => list(openSession(terminal), options))
  add('delete <id>', 'test on it no more')
    .option('--yes', 'do not ask')
    .action(async (id: string, { yes, json }: Json & { yes?: boolean }) => {
      const session = openSession(terminal)
      if (!(await isAgreed(session, terminal.confirm, yes, `Delete clip ${id}?`))) return
      const reply = await session.api.call('DELETE', `/clips/${encodeURIComponent(id)}`, Deleted)
      if (json) return session.json(reply)
      session.say(`Clip ${id} is gone. Assignments that were made with it are tested on it still.`)
    })
  return clips
}

async function addClip(session: Session, file: string, { json, text, language, workload, build }: AddOptions) {
  if ((workload === undefined) === (build === undefined))
    throw new Failure('usage', 'Say what the clip is for.', 'Give --workload ID or --build ID, one of the two.')
  const clip = await read(file)
  const query = new URLSearchParams({ text, language, ...(workload ? { workload } : { build: build ?? '' }) })
  const kept = await session.api.call('POST', `/clips?${query}`, SmokeClipKept, clip)
  if (json) return session.json(kept)
  session.say(`Clip ${kept.id} is there: ${workload ?? build} is tested on it from the next assignment on.`)
}

async function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const size = await stat(file).then(
    (found) => found.size,
    (error: Error) => {
      throw new Failure('usage', `${file} cannot be read: ${error.message}.`, 'Give a file of sound.')
    },
  )
  if (size <= mostSmokeClipBytes) return new Uint8Array(await readFile(file))
  throw new Failure('usage', `${file} has ${bytes(size)}.`, `A clip has ${bytes(mostSmokeClipBytes)} at most.`)
}

async function list(session: Session, { json }: Json) {
  const reply = await session.api.call('GET', '/clips', ClipList)
  if (json) return session.json(reply)
  if (reply.clips.length === 0) return session.say('There are none: tradewind clips add FILE --text "…" --workload ID.')
  session.table(
    ['ID', 'FOR', 'LANGUAGE', 'SIZE', 'SPOKEN', 'ADDED', 'BY'],
    reply.clips.map((one) => [
      one.id,
      one.workload ?? one.build ?? '-',
      one.language,
      bytes(one.bytes),
      one.reference.length > 60 ? `${one.reference.slice(0, 59)}…` : one.reference,
      relative(one.addedMs, session.nowMs),
      one.addedBy,
    ]),
  )
}
