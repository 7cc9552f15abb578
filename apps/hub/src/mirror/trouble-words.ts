import { type Trouble, troubleWords } from '@tradewind/artifacts/trouble'
import type { Problem, ProblemCode } from '@tradewind/protocol'

type Words = { message: string; next: string }

/** What people of the hub do about a trouble, where it is not what people at a device do. */
const nextHere: Partial<Record<Trouble['code'], string>> = {
  'disk-short':
    'Raise TRADEWIND_MIRROR_BYTES, free the disk, or give up what nobody is assigned: tradewind mirror prune.',
  'source-differs': 'Nothing was fetched or recorded. Find out why the file changed before anybody uses it.',
  'bad-answer': 'Is TRADEWIND_MODEL_SOURCE the address of what answers as Hugging Face does?',
  'not-found': 'Was it moved or renamed? A corrected entry goes in by tradewind models add FILE.',
  gated: "Accept the model's licence on its page, make a read token there, and start the hub with HF_TOKEN.",
  'build-unknown': 'tradewind models lists what is known; tradewind models add FILE adds to it.',
  'store-busy': 'Wait until it is through, then try again.',
  'wrong-bytes': 'They were deleted. Do not trust this source for this file.',
}
const otherSource = 'Look at the source (TRADEWIND_MODEL_SOURCE) and the network, then add the build again.'

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

export function mirrorWords(trouble: Trouble): Words {
  const { says } = troubleWords(trouble)
  return { message: sentence(says), next: nextHere[trouble.code] ?? otherSource }
}

/** Under the names that the mirror has for them. */
const ownCodes: Partial<Record<Trouble['code'], ProblemCode>> = {
  'build-unknown': 'build-unknown',
  'disk-short': 'mirror-full',
  'source-differs': 'file-differs',
  'store-busy': 'conflict',
}
const httpStatus = { 'build-unknown': 404, 'mirror-full': 409, 'file-differs': 409, conflict: 409 } as const

/** As a build shows it: by the code of the trouble itself, where the mirror has no name of its own. */
export const mirrorCode = ({ code }: Trouble): string => ownCodes[code] ?? code

/** As the answer to whoever asked for it. */
export function mirrorProblem(trouble: Trouble): { status: 404 | 409 | 502; body: Problem } {
  const code = ownCodes[trouble.code] ?? 'not-fetched'
  const plain = Object.entries(trouble).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
  const status = code in httpStatus ? httpStatus[code as keyof typeof httpStatus] : 502
  return { status, body: { code, ...mirrorWords(trouble), detail: Object.fromEntries(plain) } }
}
