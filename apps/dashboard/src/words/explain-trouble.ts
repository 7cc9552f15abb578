import { bytes, span } from './format'
import { explainFailure } from './name-serving'

type Detail = Record<string, string | number | boolean>
type Words = { says: string; toDo: string }

const wait = 'Nothing needs to be done: it goes on by itself, from where it stopped.'
const network = 'Check the network of the device. What it has already is kept.'
const source = 'Add the build to the mirror, so that the hub brings the files, or check the source.'
const disk = 'Look at the disk of the device: is it there, writable, and in order?'
const another = 'Assign another build, or a smaller context.'
const look = 'Read the log of the device, then assign again.'

/** What keeps a device from its assignment, by the codes of its files, its disk, its engine and its test. */
const troubles: Record<string, (detail: Detail) => Words> = {
  unreachable: () => ({ says: 'The source of the files cannot be reached.', toDo: network }),
  'name-unknown': () => ({ says: 'The name of the source has no address.', toDo: network }),
  'source-failed': () => ({ says: 'The source failed.', toDo: wait }),
  'source-stalled': () => ({ says: 'The source sent nothing for a while.', toDo: wait }),
  truncated: () => ({ says: 'The source stopped before the end of a file.', toDo: wait }),
  'too-many-requests': () => ({ says: 'The source asks for patience.', toDo: wait }),
  'not-found': () => ({ says: 'No source has one of the files.', toDo: source }),
  'no-source-left': () => ({ says: 'No source gave one of the files.', toDo: source }),
  gated: () => ({ says: 'The source asks who the device is.', toDo: source }),
  'bad-answer': () => ({ says: 'The source answered what cannot be understood.', toDo: network }),
  'redirect-loop': () => ({ says: 'The source sends the device round in circles.', toDo: source }),
  'tls-failed': () => ({ says: 'The certificate of the source is not to be trusted.', toDo: network }),
  'no-ranges': () => ({ says: 'The source sends whole files only.', toDo: source }),
  'wrong-bytes': () => ({ says: 'A file has other bytes than were assigned. They were deleted.', toDo: source }),
  'wrong-length': () => ({ says: 'A file has another length than was assigned.', toDo: source }),
  'range-refused': () => ({ says: 'A file of the source ends too early.', toDo: source }),
  'file-changed': () => ({ says: 'A file changed at its source.', toDo: source }),
  'source-differs': () => ({ says: 'The source offers another file than is known.', toDo: source }),
  'disk-short': ({ needBytes, haveBytes }) => ({
    says:
      typeof needBytes === 'number' && typeof haveBytes === 'number'
        ? `The files need ${bytes(needBytes)} of disk, and ${bytes(haveBytes)} are there.`
        : 'The disk has too little room.',
    toDo: 'Make room on the disk of the device, or assign a smaller build.',
  }),
  'disk-full': () => ({ says: 'The disk became full.', toDo: 'Make room on the disk of the device.' }),
  'disk-failed': () => ({ says: 'The disk failed.', toDo: disk }),
  'store-read-only': () => ({ says: 'The folder of the models cannot be written.', toDo: disk }),
  'store-busy': () => ({ says: 'Another program changes the folder of the models.', toDo: wait }),
  'build-in-use': () => ({ says: 'Another program uses the files.', toDo: wait }),
  'build-broken': () => ({ says: 'Files of the build are missing or damaged.', toDo: look }),
  'came-down': () => ({ says: 'The device went down while it started the build.', toDo: another }),
  'engine-lost': () => ({ says: 'The engine was lost while it started.', toDo: look }),
  empty: () => ({ says: 'The build answered nothing when it was tested.', toDo: another }),
  'wrong-language': () => ({ says: 'The build answered in another language.', toDo: another }),
  'too-slow': () => ({ says: 'The build was too slow when it was tested.', toDo: another }),
  'answer-differs': () => ({ says: 'The build answered otherwise than the first device did.', toDo: another }),
  'word-errors': () => ({ says: 'The build heard too many words wrong.', toDo: another }),
  'clip-differs': () => ({ says: 'A clip of the test has other bytes than were assigned.', toDo: look }),
  'clip-unreadable': () => ({ says: 'A clip of the test cannot be read.', toDo: look }),
  'revision-ahead': () => ({
    says: 'The device has applied a later revision than the hub knows.',
    toDo: 'The hub was probably restored from a backup: assign again.',
  }),
}

/** A code of a newer agent, or of the engine, is said as it is known there. */
export function explainTrouble(code: string, detail: Detail = {}): Words {
  const known = Object.hasOwn(troubles, code) ? troubles[code] : undefined
  return known ? known(detail) : { says: explainFailure(code), toDo: look }
}

/** When it is tried again: `in 4 min`, or that nobody will. */
export const explainRetry = (retryAt: number | null, nowMs: number) =>
  retryAt === null
    ? 'It is not tried again by itself.'
    : retryAt <= nowMs
      ? 'It is tried again now.'
      : `It is tried again in ${span(retryAt - nowMs)}.`
