import { gemma4, speech, speechPrompts } from '@tradewind/fleet'
import type { Generation } from '../engine/engine'
import type { Answer, Ask } from './ask'
import type { Audio, Segment } from './audio'
import type { Language } from './languages'
import { loopIn, untilLoop } from './repetition'
import { translateText } from './translate'

/** What is wanted of a piece of speech. */
export type Wish = {
  /** what is spoken; null: whatever it is */
  language: Language | null
  /** what to translate into; null: a transcript */
  target: Language | null
  /** names and spellings that may occur; '' for none */
  hint: string
  /** 0: greedy */
  temperature: number
}

/** One segment, heard. Times in seconds of the clip. */
export type Heard = {
  start: number
  end: number
  /** what is wanted: the transcript, or the translation */
  text: string
  /** what was said, when `text` is its translation */
  transcript: string | null
  /** the model went round in circles twice; the text ends where it began to */
  repeated: boolean
}

/** Longest segment to give a build at once, in seconds: those of about 4 bits a weight repeat themselves sooner. */
export function longestSegmentSeconds(build: string): number {
  const known = gemma4.builds.find(({ id }) => id === build)
  const is4Bit = known ? known.bitsPerWeight < 5.5 : /q4|int4|4bit/i.test(build)
  return is4Bit ? speech.longestClipSecondsAt4Bits : speech.longestClipSeconds
}

/**
 * Hears segments one after the other, each by the official prompt, and gives each as soon as it is done; one that the next
 * overlaps when that is heard too, for what both heard must stand once.
 */
export async function* hear(segments: Segment[], wish: Wish, ask: Ask, join: Audio['join']): AsyncGenerator<Heard> {
  let open: Heard | null = null
  for (const [at, segment] of segments.entries()) {
    let heard = await hearOne(segment, wish, ask)
    if (open) {
      const [closed, next] = parted(open, heard, segment.overlap, join)
      yield closed
      heard = next
    }
    open = (segments[at + 1]?.overlap ?? 0) > 0 ? heard : null
    if (!open) yield heard
  }
}

/** Parts two segments that overlap: in the middle of what they share, and each word to one of them. */
function parted(first: Heard, second: Heard, overlap: number, join: Audio['join']): [Heard, Heard] {
  const middle = second.start + overlap / 2
  const [text, nextText] = partedText(first.text, second.text, overlap, join)
  const [transcript, nextTranscript] = partedText(first.transcript ?? '', second.transcript ?? '', overlap, join)
  return [
    { ...first, end: middle, text, transcript: first.transcript === null ? null : transcript },
    { ...second, start: middle, text: nextText, transcript: second.transcript === null ? null : nextTranscript },
  ]
}

/** Of both joined, what is still as the first began is its own; the rest is the second's. */
function partedText(first: string, second: string, overlap: number, join: Audio['join']): [string, string] {
  const own = first.split(' ')
  const words = join([
    { text: first, overlap: 0 },
    { text: second, overlap },
  ]).split(' ')
  const differs = words.findIndex((word, at) => word !== own[at])
  const kept = differs === -1 ? words.length : differs
  return [words.slice(0, kept).join(' '), words.slice(kept).join(' ')]
}

async function hearOne(segment: Segment, wish: Wish, ask: Ask): Promise<Heard> {
  const { answer, repeated } = await askTwice(generationFor(segment, wish), ask)
  const [start, end] = [segment.start, segment.end].map(toMilliseconds) as [number, number]
  const said = repeated ? untilLoop(answer.text) : answer.text
  const target = translates(wish)
  if (!target) return { start, end, text: oneLine(said), transcript: null, repeated }
  const both = partTranslation(said, target)
  return { start, end, repeated, ...(both ?? (await translateApart(oneLine(said), { ...wish, target }, ask))) }
}

/** What to translate into; null when what is spoken is that already. */
const translates = ({ language, target }: Wish) => (target && language?.code === target.code ? null : target)

/** A model that goes round in circles is asked once more, with other sampling; greedy would only repeat itself. */
async function askTwice(generation: Generation, ask: Ask): Promise<{ answer: Answer; repeated: boolean }> {
  const first = await ask(generation)
  if (!isRunaway(first)) return { answer: first, repeated: false }
  const { topP, topK } = speech.sampling
  const second = await ask({ ...generation, temperature: generation.temperature === 0 ? 0.4 : 0, topP, topK, seed: 1 })
  return { answer: second, repeated: isRunaway(second) }
}

/** Speech never needs the tokens that it is given: whoever uses them all up has lost the thread. */
const isRunaway = (answer: Answer) => answer.finish === 'length' || loopIn(answer.text) !== null

function generationFor(segment: Segment, wish: Wish): Generation {
  return {
    turns: [
      {
        role: 'user',
        parts: [
          { is: 'sound', samples: segment.samples },
          { is: 'text', text: promptFor(wish) },
        ],
      },
    ],
    mostTokens: mostTokensFor(segment.end - segment.start, translates(wish) !== null),
    temperature: wish.temperature,
  }
}

function promptFor(wish: Wish): string {
  const target = translates(wish)
  const official = target
    ? speechPrompts.translate(wish.language?.name ?? 'its original language', target.name)
    : wish.language
      ? speechPrompts.transcribe(wish.language.name)
      : speechPrompts.transcribeAnyLanguage
  return wish.hint === '' ? official : `${official}\n\nNames and words that may occur, for their spelling: ${wish.hint}`
}

/** Four times what is usually written for so much speech; some scripts need more tokens a word. */
function mostTokensFor(seconds: number, isTranslated: boolean): number {
  const transcript = Math.ceil(seconds * speech.writtenTokensPerSecond * 4) + 32
  return isTranslated ? 2 * transcript : transcript
}

/** Parts the answer to the official translation prompt at the first line that begins with `<language>: `; null when none does. */
export function partTranslation(answer: string, target: Language): { transcript: string; text: string } | null {
  const lines = answer.split('\n')
  const at = lines.findIndex((line) => line.startsWith(`${target.name}:`))
  if (at === -1) return null
  const translation = [lines[at]?.slice(target.name.length + 1), ...lines.slice(at + 1)].join(' ')
  return { transcript: oneLine(lines.slice(0, at).join(' ')), text: oneLine(translation) }
}

/** The model left the translation out: what it wrote is the transcript, which is then translated as text. */
async function translateApart(transcript: string, wish: Wish & { target: Language }, ask: Ask) {
  const mostTokens = transcript.length + 64
  const { text } = await translateText(transcript, { from: wish.language, to: wish.target, mostTokens }, ask)
  return { transcript, text: oneLine(text) }
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

/** More digits of a time mean nothing. */
const toMilliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000
