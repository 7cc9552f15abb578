import { z } from 'zod'
import type { Heard, Wish } from '../speech/hear'
import { checked, readFile } from './body'
import { Events } from './events'
import type { Exchange } from './exchange'
import { flag, hint, language, model, namedLanguage } from './fields'
import { badRequest } from './problem'
import { allOf, type Hearing, listen, mustHear, type Service, servedBy, serving } from './service'
import { gapBetween, plain, textForms } from './subtitles'

const common = {
  model,
  prompt: hint,
  temperature: z.coerce.number().min(0).max(1).default(0).describe('0: greedy'),
  response_format: z.enum(['json', 'verbose_json', 'text', 'srt', 'vtt']).default('json'),
  stream: flag.default(false).describe('server-sent events, one for each segment; with json or text'),
  timestamp_granularities: z
    .array(z.enum(['segment', 'word']))
    .default(['segment'])
    .describe('`word` gives segment times and a warning: the model tells no times of words'),
  include: z.never('There are no log probabilities here. Leave `include` out.').optional(),
}

export const TranscriptionForm = z.object({
  ...common,
  language: language.default(null),
  target_language: z.never('To translate, send the file to /v1/audio/translations.').optional(),
})

export const TranslationForm = z.object({
  ...common,
  language: language.default(null).describe('of the speech; OpenAI has no such field'),
  target_language: namedLanguage.prefault('English').describe('what to translate into; OpenAI has no such field'),
})

type Asked = z.output<typeof TranscriptionForm> | z.output<typeof TranslationForm>

export const transcribe = (exchange: Exchange, service: Service) => answer(TranscriptionForm, exchange, service)
export const translate = (exchange: Exchange, service: Service) => answer(TranslationForm, exchange, service)

async function answer(
  form: typeof TranscriptionForm | typeof TranslationForm,
  exchange: Exchange,
  service: Service,
): Promise<void> {
  const capabilities = serving(service)
  const { build } = capabilities
  mustHear(capabilities, 'file')
  const { fields, bytes } = await readFile('file', exchange, service)
  const asked: Asked = checked(form, fields)
  if (asked.stream && !['json', 'text'].includes(asked.response_format))
    throw badRequest('no-stream', 'Only json and text can be streamed. Leave `stream` out, or take json.', 'stream')
  const wish: Wish = {
    language: asked.language,
    target: asked.target_language ?? null,
    hint: asked.prompt,
    temperature: asked.temperature,
  }
  await listen({ bytes, param: 'file' }, wish, exchange, service, async (hearing) => {
    if (asked.stream) return streamed(hearing, build, exchange, service)
    const heard = await allOf(hearing)
    write({ asked, wish, heard, seconds: hearing.seconds, build }, exchange)
  })
}

async function streamed(hearing: Hearing, build: string, exchange: Exchange, service: Service): Promise<void> {
  // the first segment is awaited before the head, so that a failure until then has its own HTTP status
  let events: Events | null = null
  const open = () => (events ??= new Events(exchange, service.config.idleMs, servedBy(build)))
  let text = ''
  for await (const { start, end, text: next, repeated } of hearing.heard) {
    const delta = gapBetween(text, next) + next
    if (delta === '') continue
    text += delta
    await open().send(
      JSON.stringify({ type: 'transcript.text.delta', delta, start, end, ...(repeated && { repeated }) }),
    )
  }
  const usage = usageOf(hearing.seconds)
  await open().send(JSON.stringify({ type: 'transcript.text.done', text, model: build, usage }))
  open().end()
}

type Told = { asked: Asked; wish: Wish; heard: Heard[]; seconds: number; build: string }

function write(told: Told, exchange: Exchange): void {
  const headers = servedBy(told.build)
  const { response_format: format } = told.asked
  if (format === 'json') exchange.json(short(told), 200, headers)
  else if (format === 'verbose_json') exchange.json(verbose(told), 200, headers)
  else exchange.send(textForms[format].write(told.heard), textForms[format].type, 200, headers)
}

const usageOf = (seconds: number) => ({ type: 'duration', seconds: Math.ceil(seconds) })

const short = (told: Told) => ({
  text: plain(told.heard),
  usage: usageOf(told.seconds),
  model: told.build,
  ...warned(told),
})

const verbose = (told: Told) => ({
  task: told.wish.target ? 'translate' : 'transcribe',
  language: (told.wish.target ?? told.wish.language)?.name.toLowerCase() ?? 'unknown',
  duration: told.seconds,
  ...short(told),
  ...(told.wish.target && {
    transcript: plain(told.heard.map((one) => ({ ...one, text: one.transcript ?? one.text }))),
  }),
  segments: told.heard.map((one, id) => segment(one, id, told.wish)),
})

/** OpenAI's segment. What this model does not tell is null, never a number that looks like one. */
export const segment = ({ start, end, text, transcript, repeated }: Heard, id: number, { temperature }: Wish) => ({
  id,
  seek: Math.round(start * 100),
  start,
  end,
  text,
  ...(transcript !== null && { transcript }),
  ...(repeated && { repeated }),
  temperature,
  tokens: [],
  avg_logprob: null,
  compression_ratio: null,
  no_speech_prob: null,
})

/** What a client should know of an answer that is not quite what it asked for. */
function warned({ asked, heard }: Told) {
  const warnings = [
    asked.timestamp_granularities.includes('word') && {
      code: 'no-word-times',
      message: 'Gemma 4 tells no times of words. The times of segments are in verbose_json, srt and vtt.',
    },
    heard.some(({ repeated }) => repeated) && {
      code: 'repeated',
      message: 'The model repeated itself in a segment; its text ends where that began. Listen to it yourself.',
    },
  ].filter((warning) => warning !== false)
  return warnings.length > 0 ? { warnings } : {}
}
