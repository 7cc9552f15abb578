import type { z } from 'zod'
import { ChatRequest, chat } from './chat'
import type { Exchange } from './exchange'
import { DetectRequest, detectLanguage, listLanguages, TranslateRequest, translateTexts } from './libretranslate'
import { openApi } from './openapi'
import { Problem } from './problem'
import { type Service, unready } from './service'
import { TranscriptionForm, TranslationForm, transcribe, translate } from './transcriptions'
import { AsrQuery, asr, DetectQuery, detectSpokenLanguage } from './whisper-asr'

export type Route = {
  method: 'GET' | 'POST'
  path: string
  /** for the OpenAPI document */
  summary: string
  takes?: { json?: z.ZodType; form?: z.ZodType; query?: z.ZodType; file?: string }
  /** where the key is: most take it as a header; `body`: there too; `open`: none is needed */
  key?: 'body' | 'open'
  /** the shape of its errors */
  errors?: 'libretranslate'
  /** what the line is for: refused at once while it is full, before the body is read */
  isWork?: true
  answer: (exchange: Exchange, service: Service) => Promise<void>
}

export const routes: Route[] = [
  {
    method: 'POST',
    path: '/v1/audio/transcriptions',
    summary: 'What is said in a file, in the shapes of OpenAI',
    takes: { form: TranscriptionForm, file: 'file' },
    isWork: true,
    answer: transcribe,
  },
  {
    method: 'POST',
    path: '/v1/audio/translations',
    summary: 'What is said in a file, in another language; English unless told otherwise',
    takes: { form: TranslationForm, file: 'file' },
    isWork: true,
    answer: translate,
  },
  {
    method: 'POST',
    path: '/v1/chat/completions',
    summary: 'The next turn of a conversation, in the shapes of OpenAI',
    takes: { json: ChatRequest },
    isWork: true,
    answer: chat,
  },
  { method: 'GET', path: '/v1/models', summary: 'What serves here', answer: listModels },
  {
    method: 'POST',
    path: '/translate',
    summary: 'A text in another language, in the shapes of LibreTranslate',
    takes: { json: TranslateRequest },
    key: 'body',
    errors: 'libretranslate',
    isWork: true,
    answer: translateTexts,
  },
  {
    method: 'POST',
    path: '/detect',
    summary: 'The language of a text, by asking the model; without a probability',
    takes: { json: DetectRequest },
    key: 'body',
    errors: 'libretranslate',
    isWork: true,
    answer: detectLanguage,
  },
  {
    method: 'GET',
    path: '/languages',
    summary: 'The languages that may be asked for',
    errors: 'libretranslate',
    answer: listLanguages,
  },
  {
    method: 'POST',
    path: '/asr',
    summary: 'What is said in a file, in the shapes of whisper-asr-webservice',
    takes: { query: AsrQuery, file: 'audio_file' },
    isWork: true,
    answer: asr,
  },
  {
    method: 'POST',
    path: '/detect-language',
    summary: 'The language spoken in a file, by asking the model; without a probability',
    takes: { query: DetectQuery, file: 'audio_file' },
    isWork: true,
    answer: detectSpokenLanguage,
  },
  { method: 'GET', path: '/healthz', summary: 'Whether a model serves here', key: 'open', answer: health },
  { method: 'GET', path: '/metrics', summary: 'Counts and speeds for Prometheus', answer: metrics },
  { method: 'GET', path: '/openapi.json', summary: 'This document', key: 'open', answer: describe },
]

/** Throws the 404, or the 405 that names the methods there are. */
export function routeOf(method: string, path: string): Route {
  const here = routes.filter((route) => route.path === path)
  const route = here.find((one) => one.method === method)
  if (route) return route
  if (path.startsWith('/v1/models/') && method === 'GET') return oneModel
  const allow = here.map((one) => one.method).join(', ')
  if (allow) throw new Problem(405, 'method', `Use ${allow} here.`, { headers: { allow } })
  throw new Problem(404, 'no-such-path', 'There is nothing at this path. See GET /openapi.json for what is.')
}

const oneModel: Route = {
  method: 'GET',
  path: '/v1/models/{model}',
  summary: 'What serves here, if it is that',
  answer: async (exchange, service) => {
    const asked = exchange.url.pathname.slice('/v1/models/'.length)
    const found = models(service).find(({ id }) => encodeURIComponent(id) === asked)
    if (!found) throw new Problem(404, 'model_not_found', 'No such model serves here. See GET /v1/models.')
    exchange.json(found)
  },
}

async function listModels(exchange: Exchange, service: Service): Promise<void> {
  exchange.json({ object: 'list', data: models(service) })
}

function models({ engine: { state, capabilities } }: Service) {
  if (state.is !== 'ready' || !capabilities) return []
  const { build, hears, schema, contextTokens, runtime, warnings } = capabilities
  const created = Math.floor(state.since / 1000)
  const own = { hears, schema, context_tokens: contextTokens, runtime, warnings }
  return [{ id: build, object: 'model', created, owned_by: 'tradewind', ...own }]
}

async function health(exchange: Exchange, service: Service): Promise<void> {
  const { state } = service.engine
  const problem = unready(service)
  const build = state.is === 'cold' ? null : state.build
  const failure = state.is === 'failed' ? { failure: state.failure.code } : {}
  exchange.json({ engine: state.is, build, ...failure }, problem ? 503 : 200, problem?.headers)
}

async function metrics(exchange: Exchange, { meters }: Service): Promise<void> {
  exchange.send(await meters.registry.metrics(), meters.registry.contentType)
}

async function describe(exchange: Exchange): Promise<void> {
  exchange.json(openApi([...routes, oneModel]))
}
