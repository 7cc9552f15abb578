import { Mirror, MirrorAdded, type Mirrored } from '@tradewind/protocol'
import { Failure } from '../failure'
import { bytes } from '../format'
import type { Session } from '../session'
import { progressWords } from './row'

const pollMs = 1_000
const realSleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

type Options = { json?: boolean; resolveOnly?: boolean; wait: boolean }

/** The hub goes on by itself, whether or not anybody waits here. Throws `Failure` when it gives up. */
export async function addBuild(
  session: Session,
  build: string,
  { json, resolveOnly = false, wait }: Options,
  sleep = realSleep,
) {
  const added = await session.api.call('POST', '/mirror', MirrorAdded, { build, resolveOnly })
  if (!json) for (const file of added.files) session.note(`${file.path}: ${bytes(file.bytes)}, sha256 ${file.sha256}`)
  const isToWait = wait && added.mirrored !== null
  const mirrored = isToWait ? await whole(session, build, sleep, json === true) : added.mirrored
  if (json) return session.json({ ...added, mirrored })
  if (!mirrored) session.say(`Resolved the ${added.files.length} files of ${build}.`)
  else
    session.say(
      mirrored.state === 'whole' ? `${build} is mirrored.` : `The hub fetches ${build}: tradewind mirror list.`,
    )
}

async function whole(session: Session, build: string, sleep: typeof realSleep, isQuiet: boolean): Promise<Mirrored> {
  let said = ''
  for (;;) {
    const { builds } = await session.api.call('GET', '/mirror', Mirror)
    const one = builds.find((each) => each.build === build)
    if (one?.state === 'whole') return one
    if (one?.trouble) throw new Failure('not-fetched', `${one.trouble.code}: ${one.trouble.message}`, one.trouble.next)
    if (!one) throw new Failure('not-mirrored', `${build} was given up meanwhile.`, 'Look at tradewind mirror list.')
    const words = progressWords(one)
    if (words !== said && !isQuiet) session.note(words)
    said = words
    await sleep(pollMs)
  }
}
