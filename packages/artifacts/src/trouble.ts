import { type Refusal, sentenceOf } from '@tradewind/fleet'

/** What goes wrong with files, as codes with numbers. Sizes in bytes, durations in milliseconds. */
type Numbers = {
  // a source
  'not-found': { status: number | null }
  gated: { status: number; hadToken: boolean }
  'range-refused': { fromByte: number }
  'too-many-requests': { retryAfterMs: number | null }
  'source-failed': { status: number }
  'no-ranges': object
  'wrong-length': { saysBytes: number; wantBytes: number }
  truncated: { gotBytes: number; wantBytes: number }
  'wrong-bytes': { gotSha256: string; wantSha256: string }
  'file-changed': object
  'source-stalled': { idleMs: number }
  'redirect-loop': { hops: number }
  'name-unknown': { host: string }
  'tls-failed': { cause: string }
  unreachable: { cause: string }
  'bad-answer': { from: string }
  'source-differs': { path: string; known: string; found: string }
  'no-source-left': { path: string; tried: { source: string; trouble: Trouble }[] }
  // the store
  'disk-short': { needBytes: number; haveBytes: number }
  'disk-full': { cause: string }
  'store-read-only': { cause: string }
  'disk-failed': { cause: string }
  'store-busy': { pid: number; doing: string }
  'build-in-use': { build: string; pids: number[] }
  'build-unknown': { build: string }
  'build-broken': { build: string; paths: string[] }
  'catalogue-unusable': { file: string; cause: string }
  'variant-unknown': { variant: string }
  'nothing-fits': { variant: string; against: { build: string; refusal: Refusal }[] }
  'folder-unreadable': { folder: string; cause: string }
  'nothing-found': { folder: string; looked: number }
  'manifest-bad': { file: string; cause: string }
  cancelled: object
}
export type TroubleCode = keyof Numbers
export type Trouble = { [C in TroubleCode]: { code: C } & Numbers[C] }[TroubleCode]

/**
 * What follows: `again` is tried anew after a while, from where it stopped; with `next-source` this source has nothing
 * for us, but another may; `give-up` is no fault of any source.
 */
type Consequence = 'again' | 'next-source' | 'give-up'
type Row<C extends TroubleCode> = {
  hence: Consequence
  says: (numbers: Numbers[C]) => string
  next: string
}

const network = 'Check the network; what is there already is kept, and the same command goes on from there.'
const otherSource = 'Try another source, or bring the files on a stick: `tradewind-agent import DIR`.'
const disk = 'Look at the folder: is it there, writable for this user, and the disk in order?'
const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024).toLocaleString('en')} MiB`
const seconds = (ms: number) => `${Math.round(ms / 1000)} s`

const rows: { [C in TroubleCode]: Row<C> } = {
  'not-found': {
    hence: 'next-source',
    says: ({ status }) => `the source does not have the file${status === null ? '' : ` (HTTP ${status})`}`,
    next: 'Was it moved or renamed? `--build` names another build.',
  },
  gated: {
    hence: 'next-source',
    says: ({ status, hadToken }) =>
      `the source asks who you are (HTTP ${status}); ${hadToken ? 'the token in HF_TOKEN was not enough' : 'no token was sent'}`,
    next: "Accept the model's licence on its page at huggingface.co, make a read token there, and set HF_TOKEN to it.",
  },
  'range-refused': {
    hence: 'next-source',
    says: ({ fromByte }) => `the source says that its file ends before byte ${fromByte} (HTTP 416)`,
    next: otherSource,
  },
  'too-many-requests': {
    hence: 'again',
    says: ({ retryAfterMs }) =>
      `the source asks for patience (HTTP 429${retryAfterMs === null ? '' : `, for ${seconds(retryAfterMs)}`})`,
    next: 'Try later. With a token in HF_TOKEN the limits of Hugging Face are higher.',
  },
  'source-failed': { hence: 'again', says: ({ status }) => `the source failed (HTTP ${status})`, next: network },
  'no-ranges': { hence: 'next-source', says: () => 'the source sends whole files only', next: otherSource },
  'wrong-length': {
    hence: 'next-source',
    says: ({ saysBytes, wantBytes }) => `the source has ${saysBytes} bytes where ${wantBytes} are expected`,
    next: otherSource,
  },
  truncated: {
    hence: 'again',
    says: ({ gotBytes, wantBytes }) => `the source stopped after ${gotBytes} of ${wantBytes} bytes`,
    next: network,
  },
  'wrong-bytes': {
    hence: 'next-source',
    says: ({ gotSha256, wantSha256 }) => `the source sent other bytes: sha256 ${gotSha256}, expected ${wantSha256}`,
    next: 'They were deleted. Do not trust this source for this file; try another.',
  },
  'file-changed': {
    hence: 'next-source',
    says: () => 'the file changed at the source while it was fetched',
    next: otherSource,
  },
  'source-stalled': {
    hence: 'again',
    says: ({ idleMs }) => `the source sent nothing for ${seconds(idleMs)}`,
    next: network,
  },
  'redirect-loop': {
    hence: 'next-source',
    says: ({ hops }) => `the source redirected ${hops} times and had no file`,
    next: otherSource,
  },
  'name-unknown': {
    hence: 'again',
    says: ({ host }) => `there is no address for ${host}`,
    next: 'Check the name and the DNS of this network.',
  },
  'tls-failed': {
    hence: 'next-source',
    says: ({ cause }) => `the certificate of the source is not to be trusted (${cause})`,
    next: 'Is the clock of this device right? Does something on the network read along?',
  },
  unreachable: { hence: 'again', says: ({ cause }) => `the source cannot be reached (${cause})`, next: network },
  'bad-answer': {
    hence: 'next-source',
    says: ({ from }) => `${from} answered what cannot be understood`,
    next: 'Is this the right address (TRADEWIND_HF_URL)?',
  },
  'source-differs': {
    hence: 'give-up',
    says: ({ path, known, found }) => `the source offers another ${path}: ${found}, where ${known} is known`,
    next: 'Nothing was fetched. Somebody has to look at why the file changed; `--build` names another build.',
  },
  'no-source-left': {
    hence: 'give-up',
    says: ({ path, tried }) =>
      `no source gave ${path}: ${tried.map(({ source, trouble }) => `${source}: ${troubleWords(trouble).says}`).join('; ')}`,
    next: otherSource,
  },
  'disk-short': {
    hence: 'give-up',
    says: ({ needBytes, haveBytes }) =>
      `not enough room: ${mebibytes(needBytes)} are needed, ${mebibytes(haveBytes)} are free beyond the reserve`,
    next: 'See `tradewind-agent models` for what may go, and remove it with `tradewind-agent models remove ID`.',
  },
  'disk-full': {
    hence: 'give-up',
    says: ({ cause }) => `the disk became full (${cause})`,
    next: 'Make room; the same command goes on from there.',
  },
  'store-read-only': { hence: 'give-up', says: ({ cause }) => `the store cannot be written (${cause})`, next: disk },
  'disk-failed': { hence: 'give-up', says: ({ cause }) => `the disk failed (${cause})`, next: disk },
  'store-busy': {
    hence: 'give-up',
    says: ({ pid, doing }) => `process ${pid} is changing the store: ${doing}`,
    next: 'Wait until it is through, or stop it; what it has is kept.',
  },
  'build-in-use': {
    hence: 'give-up',
    says: ({ build, pids }) => `${build} is in use by process ${pids.join(', ')}`,
    next: 'Let the device serve another build first.',
  },
  'build-unknown': {
    hence: 'give-up',
    says: ({ build }) => `there is no build ${build}`,
    next: '`tradewind-agent models` lists what is here.',
  },
  'build-broken': {
    hence: 'give-up',
    says: ({ build, paths }) => `of ${build} these files are missing or damaged: ${paths.join(', ')}`,
    next: 'Fetch it again: `tradewind-agent pull VARIANT --build ID`. Only what is missing is fetched.',
  },
  'catalogue-unusable': {
    hence: 'give-up',
    says: ({ file, cause }) => `${file} does not extend the catalogue: ${cause}`,
    next: 'docs/placement.md has the shape.',
  },
  'variant-unknown': {
    hence: 'give-up',
    says: ({ variant }) => `there is no variant ${variant}`,
    next: 'Choose e2b, e4b, 12b, 26b-a4b or 31b.',
  },
  'nothing-fits': {
    hence: 'give-up',
    says: ({ variant, against }) =>
      `no build of ${variant} suits this device; ${against.map(({ build, refusal }) => `${build}: ${sentenceOf(refusal)}`).join('; ')}`,
    next: 'Choose a smaller variant, or name a build with `--build ID` to fetch it all the same.',
  },
  'folder-unreadable': {
    hence: 'give-up',
    says: ({ folder, cause }) => `${folder} cannot be read (${cause})`,
    next: 'Is the name right, and the stick mounted?',
  },
  'nothing-found': {
    hence: 'give-up',
    says: ({ folder, looked }) => `none of the ${looked} files in ${folder} belongs to a known build`,
    next: 'A build needs all of its files, weights and projector, unchanged; or a build.json that describes them.',
  },
  'manifest-bad': {
    hence: 'give-up',
    says: ({ file, cause }) => `${file} does not describe a build: ${cause}`,
    next: 'Correct it; names of files are relative to its folder and stay inside.',
  },
  cancelled: { hence: 'give-up', says: () => 'it was stopped', next: 'The same command goes on from there.' },
}

const rowOf = <C extends TroubleCode>(code: C): Row<C> => rows[code]

export const consequenceOf = ({ code }: Trouble): Consequence => rowOf(code).hence

/** For people: what happened, and what to do next. */
export function troubleWords(trouble: Trouble): { says: string; next: string } {
  const { says, next } = rowOf(trouble.code)
  return { says: says(trouble as never), next }
}

/** A file that could not be had, or a store that could not be changed, and why. */
export class ArtifactError extends Error {
  override name = 'ArtifactError'
  constructor(readonly trouble: Trouble) {
    super(`${trouble.code}: ${troubleWords(trouble).says}`)
  }
}

export function fail<C extends TroubleCode>(code: C, numbers: Numbers[C]): never {
  throw new ArtifactError({ code, ...numbers } as unknown as Trouble)
}

/** What the system says of the disk under the store. Any other error is a mistake of ours, and thrown as it is. */
export function diskTrouble(error: unknown): ArtifactError {
  if (error instanceof ArtifactError) return error
  const { code: cause = 'ERR_' } = error as NodeJS.ErrnoException
  if (cause.startsWith('ERR_')) throw error
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(cause)) return new ArtifactError({ code: 'disk-full', cause })
  if (['EROFS', 'EACCES', 'EPERM'].includes(cause)) return new ArtifactError({ code: 'store-read-only', cause })
  return new ArtifactError({ code: 'disk-failed', cause })
}
