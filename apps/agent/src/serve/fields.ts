import { z } from 'zod'
import { knownLanguages, type Language, languageOf } from '../speech/languages'

/** Fields that more than one endpoint takes. */

/** A language by code or English name; '' and `auto`: whatever it is, as null. */
export const language = z
  .string()
  .transform((word, context): Language | null => {
    if (word === '' || word === 'auto') return null
    const found = languageOf(word)
    if (!found) context.addIssue({ code: 'custom', message: `No such language. Known are: ${knownLanguages()}` })
    return found
  })
  .describe('code such as `es`, or English name such as `Spanish`; empty or `auto`: whatever it is')

/** A language that must be named. */
export const namedLanguage = language.transform((found, context): Language => {
  if (found) return found
  context.addIssue({ code: 'custom', message: 'Name the language, by code or English name.' })
  return z.NEVER
})

/** A flag as forms and query strings write it. */
export const flag = z
  .enum(['true', 'false', '1', '0', 'True', 'False'])
  .transform((word) => word.toLowerCase() === 'true' || word === '1')

/** Any name is taken: it means what serves here, and the answer says what that is. */
export const model = z.string().max(200).optional().describe('any name, such as `whisper-1`: what serves here answers')

/** A word or two of the speaker's, for their spelling; of a longer text the end counts, as with Whisper. */
export const hint = z
  .string()
  .default('')
  .transform((text) => text.trim().slice(-800))
  .describe('names and words that may occur; changes the official prompt, and what that costs is not measured')
