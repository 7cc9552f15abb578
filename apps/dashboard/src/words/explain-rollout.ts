import type { MemberOutcome, Rollout, RolloutState } from '@tradewind/protocol'
import { count, percent } from './format'
import { devicesWords, nameRefusal } from './name-placement'
import { explainFailure } from './name-serving'

export const rolloutNames: Record<RolloutState, string> = {
  running: 'Running',
  paused: 'Paused',
  done: 'Done',
  aborted: 'Aborted',
  'rolling-back': 'Rolling back',
  'rolled-back': 'Rolled back',
}

export const memberNames: Record<MemberOutcome, string> = {
  waiting: 'Waiting',
  absent: 'Away',
  changing: 'Changing',
  succeeded: 'Succeeded',
  failed: 'Failed',
  left: 'Left',
}

export const memberMeanings: Record<MemberOutcome, string> = {
  waiting: 'It has not been told yet.',
  absent: 'It is not connected. It is waited for, and that is no failure.',
  changing: 'It was told, and is on its way.',
  succeeded: 'It serves the build, and passed its test.',
  failed: 'It could not change, or did not do well with it.',
  left: 'It is no member any more.',
}

type Numbers = Record<string, number>
const of = (numbers: Numbers, name: string) => count(numbers[name] ?? 0)

/** Why it stopped by itself, or who stopped it. */
export function explainPause({ code, numbers }: Pick<NonNullable<Rollout['pause']>, 'code' | 'numbers'>): string {
  const share = `${of(numbers, 'failed')} of ${of(numbers, 'members')} failed, and ${percent(numbers.failureShare ?? 0)} may`
  switch (code) {
    case 'smoke-test-failed':
      return `The new build failed its test: ${share}.`
    case 'speed-loss':
      return `The new build is slower than it was on the same devices: ${share}.`
    case 'deadline-passed':
      return `It took devices too long to change: ${share}.`
    case 'too-few-successes':
      return `Only ${of(numbers, 'succeeded')} of ${of(numbers, 'members')} succeeded, and ${of(numbers, 'needed')} are needed.`
    case 'by-person':
      return 'A person paused it.'
    default:
      return `Too many devices failed: ${share}.`
  }
}

/** What it waits for now. Until when stands beside it, where anybody can say. */
export function explainWaiting({ code, numbers }: Pick<NonNullable<Rollout['waiting']>, 'code' | 'numbers'>): string {
  switch (code) {
    case 'changing':
      return `This wave is changing: ${of(numbers, 'succeeded')} of ${of(numbers, 'members')} have succeeded, ${of(numbers, 'changing')} are on their way.`
    case 'soaking':
      return `${of(numbers, 'succeeded')} of ${of(numbers, 'members')} have succeeded. They must serve well for a while before the next are told.`
    case 'most-at-once':
      return `${of(numbers, 'changing')} are changing, and no more than ${of(numbers, 'most')} may at the same time. ${of(numbers, 'due')} are next.`
    case 'window-closed':
      return `The maintenance window is closed. ${of(numbers, 'due')} are next when it opens.`
    case 'too-few-reachable':
      return `${of(numbers, 'needed')} of this wave must succeed, ${of(numbers, 'succeeded')} have, and ${of(numbers, 'absent')} are away. It goes on when they are back.`
    case 'some-are-absent':
      return `All that are there have changed. ${of(numbers, 'absent')} are away, and are told when they are back.`
    case 'rolling-back':
      return `${of(numbers, 'due')} of ${of(numbers, 'changed')} are still to get back what they had; ${of(numbers, 'changing')} are changing.`
    case 'paused':
      return 'A person decides how it goes on.'
  }
}

const memberCodes: Record<string, string> = {
  'smoke-test-failed': 'The new build failed its test.',
  'smoke-test-flagged': 'It passed its test, but there was nothing to compare the answer with.',
  'speed-loss': 'It is slower with this build than it was before.',
  'deadline-passed': 'It took too long.',
  'engine-failed': 'The engine failed.',
  'assignment-refused': 'It refused the assignment.',
  overtaken: 'It was given something else by a newer decision.',
  revoked: 'It was revoked.',
}

/** Why a member failed or left; a code of placement or of an engine gets its own words. */
export function explainMember(code: string): string {
  const words = memberCodes[code] ?? explainFailure(code)
  return words === 'The engine failed.' && code !== 'engine-failed' ? `${nameRefusal(code)}.` : words
}

type Counts = Partial<Record<MemberOutcome, number>>
export const numberOf = (outcomes: Counts, ...which: MemberOutcome[]) =>
  which.reduce((sum, one) => sum + (outcomes[one] ?? 0), 0)

export type Act = 'pause' | 'resume' | 'abort' | 'roll-back'
/** `changed`: members that were told; `without`: of those, the ones that had nothing before. */
type Facts = { outcomes: Counts; changed: number; without: number; atOnce: number }

/** What follows when a person does it, in numbers. */
export function consequenceOf(act: Act, { outcomes, changed, without, atOnce }: Facts): string {
  const untold = numberOf(outcomes, 'waiting', 'absent')
  const changing = numberOf(outcomes, 'changing')
  const failed = numberOf(outcomes, 'failed')
  switch (act) {
    case 'pause':
      return `${devicesWords(untold)} ${are(untold)} not told anything until you resume. ${devicesWords(changing)} that ${are(changing)} changing ${changing === 1 ? 'goes' : 'go'} on.`
    case 'resume':
      return `${failed === 0 ? '' : `You accept ${failed} ${failed === 1 ? 'failure' : 'failures'}: ${failed === 1 ? 'it counts' : 'they count'} no more. `}${devicesWords(untold)} ${are(untold)} still to be told.`
    case 'abort':
      return `${devicesWords(untold)} ${untold === 1 ? 'keeps' : 'keep'} what they have. ${devicesWords(changed)} that ${changed === 1 ? 'was' : 'were'} told ${changed === 1 ? 'stays' : 'stay'} with the new build. It cannot be resumed, only rolled back.`
    case 'roll-back': {
      const back = changed - without
      const stay =
        without === 0
          ? ''
          : ` ${devicesWords(without)} had nothing before, and ${without === 1 ? 'stays' : 'stay'} with the new build.`
      return `${devicesWords(back)} ${back === 1 ? 'gets' : 'get'} back what ${back === 1 ? 'it' : 'they'} had, at most ${count(atOnce)} at the same time. Each stops serving while its former build is loaded.${stay}`
    }
  }
}
const are = (devices: number) => (devices === 1 ? 'is' : 'are')
