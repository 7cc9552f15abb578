import { Failure } from '../failure'
import type { Session } from '../session'
import type { Terminal } from '../terminal'

/** Whether it is to be done: `--yes`, or a person says so. Throws `Failure` when nobody is there to say it. */
export async function isAgreed(
  session: Session,
  confirm: Terminal['confirm'],
  yes: boolean | undefined,
  question: string,
): Promise<boolean> {
  if (yes) return true
  if (!confirm) throw new Failure('usage', 'This changes devices, and nobody is here to confirm it.', 'Add --yes.')
  if (await confirm(question)) return true
  session.note('Nothing was changed.')
  return false
}

/** What a person is asked after the preview. */
export const questionOf = (changes: number): string =>
  changes === 0 ? 'No device would change now. Go on?' : `Change ${changes} ${changes === 1 ? 'device' : 'devices'}?`
