import type { Generation } from '../engine/engine'
import type { Ask } from './ask'
import { type Language, languageOf } from './languages'

/** The one prompt for text. Google publishes none; this wording is ours, and the answer is the translation alone. */
export const translationPrompt = (from: Language | null, to: Language, text: string) =>
  `Translate the following text${from ? ` from ${from.name}` : ''} into ${to.name}. Only output the translation.\n\n${text}`

const detectionPrompt = (text: string) =>
  `Which language is the following text written in? Only output the English name of the language.\n\n${text}`

/** Enough of a text to tell its language by, in characters. */
const tellingCharacters = 400

export const greedy = (prompt: string, mostTokens: number): Generation => ({
  turns: [{ role: 'user', parts: [{ is: 'text', text: prompt }] }],
  mostTokens,
  temperature: 0,
})

/** Translates a text. `isWhole` is false when the answer ran out of tokens. */
export async function translateText(
  text: string,
  { from, to, mostTokens }: { from: Language | null; to: Language; mostTokens: number },
  ask: Ask,
): Promise<{ text: string; isWhole: boolean }> {
  if (text.trim() === '') return { text, isWhole: true }
  const answer = await ask(greedy(translationPrompt(from, to, text), mostTokens))
  return { text: answer.text.trim(), isWhole: answer.finish === 'stop' }
}

/** The language the model takes a text for; null when its answer names none. It gives no probability with it. */
export async function languageOfText(text: string, ask: Ask): Promise<Language | null> {
  if (!/\p{L}/u.test(text)) return null
  return named((await ask(greedy(detectionPrompt(text.slice(0, tellingCharacters)), 12))).text)
}

/** The language the model hears in a segment; null when its answer names none. */
export async function languageOfSpeech(samples: Float32Array, ask: Ask): Promise<Language | null> {
  const text = 'Which language is spoken in this speech segment? Only output the English name of the language.'
  const answer = await ask({
    turns: [
      {
        role: 'user',
        parts: [
          { is: 'sound', samples },
          { is: 'text', text },
        ],
      },
    ],
    mostTokens: 12,
    temperature: 0,
  })
  return named(answer.text)
}

const named = (answer: string) => languageOf(answer.replace(/[^\p{L}\s-]/gu, ''))
