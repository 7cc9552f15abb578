import { expect, test } from 'vitest'
import type { Heard } from '../speech/hear'
import { gapBetween, plain, srt, tsv, vtt } from './subtitles'

const heard = (start: number, end: number, text: string): Heard => ({
  start,
  end,
  text,
  transcript: null,
  repeated: false,
})
const two = [heard(0.5, 2.25, 'hola'), heard(3, 4, ''), heard(3599.9996, 3661.042, 'adiós --> fin')]

test('srt', () => {
  expect(srt(two)).toBe('1\n00:00:00,500 --> 00:00:02,250\nhola\n\n2\n01:00:00,000 --> 01:01:01,042\nadiós → fin\n\n')
})

test('vtt', () => {
  expect(vtt(two)).toBe(
    'WEBVTT\n\n00:00:00.500 --> 00:00:02.250\nhola\n\n01:00:00.000 --> 01:01:01.042\nadiós → fin\n\n',
  )
})

test('tsv', () => {
  expect(tsv(two)).toBe('start\tend\ttext\n500\t2250\thola\n3600000\t3661042\tadiós --> fin\n')
})

test('nobody spoke: files without a line', () => {
  expect([srt([]), vtt([]), plain([])]).toEqual(['', 'WEBVTT\n\n', ''])
})

test.each([
  ['hola', 'mundo', ' '],
  ['今日は', '世界', ''],
  ['終わり。', '次', ''],
  ['hola', '世界', ' '],
  ['', 'hola', ''],
  ['hola', '', ''],
])('between %j and %j stands %j', (before, next, gap) => {
  expect(gapBetween(before, next)).toBe(gap)
})
