import { expect, test } from 'vitest'
import { type Far, lineOf, progressOn, secondsLeft } from './progress'

const far = (changes: Partial<Far> = {}): Far => ({
  doing: 'first pass, clip 3 of 12',
  clipsLeft: 10,
  secondsAClip: 2,
  minutesLeft: 0,
  ...changes,
})

test.each<[string, Far, number | null]>([
  ['is unknown before the first clip', far({ secondsAClip: null }), null],
  ['is that of the clips', far(), 20],
  ['and that of the work between', far({ minutesLeft: 20 }), 1220],
])('the time left %s', (_, how, seconds) => {
  expect(secondsLeft(how)).toBe(seconds)
})

test.each<[Far, string]>([
  [far({ secondsAClip: null }), 'first pass, clip 3 of 12'],
  [far(), 'first pass, clip 3 of 12; about 20 s left'],
  [far({ minutesLeft: 20 }), 'first pass, clip 3 of 12; about 20 min left'],
])('a person reads %o as %s', (how, line) => {
  expect(lineOf(how)).toBe(line)
})

function written(isTTY: boolean, tellAt: number[]) {
  let text = ''
  let now = 0
  const progress = progressOn({ isTTY, write: (more: string) => (text += more) }, () => now)
  for (now of tellAt) progress.tell(far())
  progress.end()
  return text
}

test('a terminal has one line that changes, and none in the end', () => {
  expect(written(true, [0, 1, 2]).match(/\r/g)).toHaveLength(4)
  expect(written(true, [0]).endsWith('left\r\x1b[K')).toBe(true)
  expect(written(true, [0])).not.toContain('\n')
})

test('a log has a line a minute', () => {
  expect(written(false, [0, 30_000, 59_999, 60_000, 119_999, 120_000]).split('\n')).toHaveLength(3 + 1)
})
