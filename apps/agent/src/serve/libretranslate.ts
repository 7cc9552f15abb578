import { z } from 'zod'
import type { Ask } from '../speech/ask'
import { type Language, languages } from '../speech/languages'
import { languageOfText, translateText } from '../speech/translate'
import { readFields } from './body'
import type { Exchange } from './exchange'
import { language, namedLanguage } from './fields'
import { badRequest } from './problem'
import { asking, inLine, type Service, servedBy, serving } from './service'

const text = z.string().max(100_000)
const apiKey = z.string().optional().describe('the key, for clients that cannot send a header')

export const TranslateRequest = z.object({
  q: z.union([text, z.array(text).min(1).max(100)]),
  source: language,
  target: namedLanguage,
  format: z.literal('text', 'Only plain text is translated here. Send format: text.').default('text'),
  alternatives: z.coerce.number().max(0, 'There are no alternatives here. Leave them out.').default(0),
  api_key: apiKey,
})

export const DetectRequest = z.object({ q: text, api_key: apiKey })

export async function translateTexts(exchange: Exchange, service: Service): Promise<void> {
  const { build } = serving(service)
  const { q, source, target, api_key } = await readFields(TranslateRequest, exchange, service)
  service.access.mustKnow(exchange.bearer ?? api_key)
  await inLine(exchange, service, async (generate) => {
    const ask = asking(generate)
    const texts = typeof q === 'string' ? [q] : q
    const from = source ?? (await languageOfText(texts.join('\n'), ask))
    const translated: string[] = []
    for (const one of texts) translated.push(await translateOne(one, from, target, ask, service))
    exchange.json(
      {
        translatedText: typeof q === 'string' ? translated[0] : translated,
        ...(source === null && { detectedLanguage: detected(from) }),
      },
      200,
      servedBy(build),
    )
  })
}

async function translateOne(one: string, from: Language | null, to: Language, ask: Ask, { config }: Service) {
  if (from?.code === to.code) return one
  const mostTokens = Math.min(config.mostTokens, 2 * one.length + 64)
  const { text, isWhole } = await translateText(one, { from, to, mostTokens }, ask)
  if (!isWhole)
    throw badRequest(
      'text-too-long',
      `The translation has more than ${mostTokens} tokens. Send the text in parts.`,
      'q',
    )
  return text
}

export async function detectLanguage(exchange: Exchange, service: Service): Promise<void> {
  const { build } = serving(service)
  const { q, api_key } = await readFields(DetectRequest, exchange, service)
  service.access.mustKnow(exchange.bearer ?? api_key)
  await inLine(exchange, service, async (generate) => {
    const found = await languageOfText(q, asking(generate))
    exchange.json(found ? [detected(found)] : [], 200, servedBy(build))
  })
}

/** The model names a language and no probability: null, and not a number that looks like one. */
const detected = (found: Language | null) => ({ confidence: null, language: found?.code ?? null })

export async function listLanguages(exchange: Exchange): Promise<void> {
  const targets = languages.map(({ code }) => code)
  exchange.json(languages.map(({ code, name }) => ({ code, name, targets })))
}
