import { z } from 'zod'
import type { Wish } from '../speech/hear'
import { languageOf } from '../speech/languages'
import { languageOfSpeech } from '../speech/translate'
import { checked, readFile } from './body'
import type { Exchange } from './exchange'
import { flag, hint, language } from './fields'
import { allOf, asking, listen, mustHear, type Service, servedBy, serving, withSpeech } from './service'
import { plain, textForms } from './subtitles'
import { segment } from './transcriptions'

const encode = flag.default(true).describe('false: the file is raw 16-bit PCM, 16 kHz, mono')

export const AsrQuery = z.object({
  encode,
  task: z.enum(['transcribe', 'translate']).default('transcribe').describe('translate: into English'),
  language: language.default(null),
  initial_prompt: hint,
  output: z.enum(['txt', 'vtt', 'srt', 'tsv', 'json']).default('txt'),
  word_timestamps: flag.default(false).describe('taken, and answered with the times of segments'),
  vad_filter: flag.default(true).describe('taken; speech is always looked for first'),
})

export const DetectQuery = z.object({
  encode,
  detect_lang_offset: z.coerce.number().min(0).default(0).describe('seconds to leave out'),
  detect_lang_length: z.coerce.number().positive().default(30).describe('taken; one segment is listened to'),
})

export async function asr(exchange: Exchange, service: Service): Promise<void> {
  const capabilities = serving(service)
  const { build } = capabilities
  mustHear(capabilities, 'audio_file')
  const asked = checked(AsrQuery, Object.fromEntries(exchange.url.searchParams))
  const { bytes } = await readFile('audio_file', exchange, service)
  const target = asked.task === 'translate' ? languageOf('en') : null
  const wish: Wish = { language: asked.language, target, hint: asked.initial_prompt, temperature: 0 }
  const file = { bytes: asked.encode ? bytes : wavOf(bytes), param: 'audio_file' }
  await listen(file, wish, exchange, service, async (hearing) => {
    const heard = await allOf(hearing)
    const headers = { ...servedBy(build), 'asr-engine': 'tradewind' }
    const language = (target ?? asked.language)?.code ?? null
    if (asked.output === 'json') {
      const segments = heard.map((one, id) => segment(one, id, wish))
      exchange.json({ text: plain(heard), segments, language }, 200, headers)
      return
    }
    const { type, write } = textForms[asked.output === 'txt' ? 'text' : asked.output]
    exchange.send(write(heard), type, 200, headers)
  })
}

export async function detectSpokenLanguage(exchange: Exchange, service: Service): Promise<void> {
  const capabilities = serving(service)
  const { build } = capabilities
  mustHear(capabilities, 'audio_file')
  const { encode, detect_lang_offset: offset } = checked(DetectQuery, Object.fromEntries(exchange.url.searchParams))
  const { bytes } = await readFile('audio_file', exchange, service)
  await withSpeech(encode ? bytes : wavOf(bytes), 'audio_file', exchange, service, async ({ segments, generate }) => {
    const telling = segments.find(({ end }) => end > offset)
    const found = telling ? await languageOfSpeech(telling.samples, asking(generate)) : null
    // the model names a language and no probability; `und` is ISO 639 for undetermined
    const { name, code } = found ?? { name: 'unknown', code: 'und' }
    exchange.json(
      { detected_language: name.toLowerCase(), language_code: code, confidence: null },
      200,
      servedBy(build),
    )
  })
}

/** Puts the head of a wav file before raw samples, so that they go the way of every file. */
function wavOf(pcm: Buffer): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(36 + pcm.length, 4)
  head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(16_000, 24)
  head.writeUInt32LE(32_000, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36, 'latin1')
  head.writeUInt32LE(pcm.length, 40)
  return Buffer.concat([head, pcm])
}
