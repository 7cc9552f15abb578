import type { Heard } from '../speech/hear'

/** Segments with nothing in them are no line. */
const spoken = (heard: Heard[]) => heard.filter(({ text }) => text !== '')

export const srt = (heard: Heard[]) =>
  spoken(heard)
    .map(({ start, end, text }, at) => `${at + 1}\n${time(start, ',')} --> ${time(end, ',')}\n${cue(text)}\n\n`)
    .join('')

export const vtt = (heard: Heard[]) =>
  `WEBVTT\n\n${spoken(heard)
    .map(({ start, end, text }) => `${time(start, '.')} --> ${time(end, '.')}\n${cue(text)}\n\n`)
    .join('')}`

/** Whisper's tab-separated form: times in milliseconds. */
export const tsv = (heard: Heard[]) =>
  ['start\tend\ttext', ...spoken(heard).map(({ start, end, text }) => `${ms(start)}\t${ms(end)}\t${text}`), ''].join(
    '\n',
  )

/** All of it as one text. */
export const plain = (heard: Heard[]) =>
  spoken(heard).reduce((before, { text }) => before + gapBetween(before, text) + text, '')

/** What stands between two pieces of a text: nothing in scripts that write without spaces. */
export function gapBetween(before: string, next: string): string {
  if (before === '' || next === '') return ''
  return unspaced.test(before.slice(-1)) && unspaced.test(next.charAt(0)) ? '' : ' '
}
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}、。！？「」]/u

/** A text that looks like the arrow of a time line would break the file. */
const cue = (text: string) => text.replaceAll('-->', '→')

const ms = (seconds: number) => Math.round(seconds * 1000)

function time(seconds: number, point: '.' | ','): string {
  const all = ms(seconds)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${two(all / 3_600_000)}:${two((all / 60_000) % 60)}:${two((all / 1000) % 60)}${point}${String(all % 1000).padStart(3, '0')}`
}

/** The forms of text that a transcript may be asked for in. */
export const textForms = {
  text: { type: 'text/plain; charset=utf-8', write: (heard: Heard[]) => `${plain(heard)}\n` },
  srt: { type: 'text/plain; charset=utf-8', write: srt },
  vtt: { type: 'text/vtt; charset=utf-8', write: vtt },
  tsv: { type: 'text/plain; charset=utf-8', write: tsv },
}
