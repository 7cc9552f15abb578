import type { Logger } from 'pino'
import type { Capabilities, Engine, Generation, Piece } from '../engine/engine'
import { type Ask, wholeAnswer } from '../speech/ask'
import type { Audio, Clip, Segment } from '../speech/audio'
import { type Heard, hear, longestSegmentSeconds, type Wish } from '../speech/hear'
import type { Access } from './access'
import type { ApiConfig } from './config'
import type { Exchange } from './exchange'
import type { Line, Place } from './line'
import type { Meters } from './meters'
import { badRequest, Problem, unavailable } from './problem'
import type { Turnstile } from './turnstile'

/** `now`: the wall's time in ms, as the engine dates its states; `uptimeMs`: a clock that never jumps. */
export type Clock = { now(): number; uptimeMs(): number }

/** What the endpoints work with. */
export type Service = {
  engine: Engine
  audio: Audio
  clock: Clock
  log: Logger
  config: ApiConfig
  access: Access
  line: Line
  /** so many files are decoded at the same time: each may be hundreds of megabytes */
  clips: Turnstile
  meters: Meters
  /** bytes of all bodies held now */
  held: { bytes: number }
}

export type Generate = (generation: Generation) => AsyncIterable<Piece>

/** Why nothing serves here now; null when something does. */
export const unready = ({ engine, clock }: Service): Problem | null => unavailable(engine.state, clock.now())

/** What serves here now. Throws the 503 when nothing does. */
export function serving(service: Service): Capabilities {
  const problem = unready(service)
  const { capabilities } = service.engine
  if (problem || !capabilities) throw problem ?? new Error('an engine is ready and has no capabilities')
  return capabilities
}

/** Throws the 400 when the build that serves here is deaf. */
export function mustHear({ build, hears }: Capabilities, param: string): void {
  if (!hears)
    throw badRequest('unsupported', `The build ${build} takes text only. Assign one that hears to this device.`, param)
}

/** Says which build answered, whatever model was asked for. */
export const servedBy = (build: string) => ({ 'x-tradewind-build': build })

/** Gives a request its place in the line for as long as `work` takes. */
export async function inLine<T>(
  exchange: Exchange,
  service: Service,
  work: (generate: Generate) => Promise<T>,
): Promise<T> {
  const place = service.line.enter(exchange.client, exchange.signal)
  try {
    return await work((generation) => inTurn(place, generation, exchange, service))
  } finally {
    place.leave()
  }
}

async function* inTurn(place: Place, generation: Generation, exchange: Exchange, { engine, meters, clock }: Service) {
  const askedAt = clock.uptimeMs()
  const exit = await place.turn()
  const begunAt = clock.uptimeMs()
  exchange.took.queueMs += begunAt - askedAt
  try {
    for await (const piece of engine.generate(generation, exchange.signal)) {
      if (piece.is === 'end') meters.generated(piece)
      yield piece
    }
  } finally {
    const engineMs = clock.uptimeMs() - begunAt
    exchange.took.engineMs += engineMs
    meters.worked(engineMs / 1000)
    exit()
  }
}

/** Asks once and waits for the whole answer. */
export const asking =
  (generate: Generate): Ask =>
  (generation) =>
    wholeAnswer(generate(generation))

/** A file that was looked through for speech: its length in seconds, and where somebody speaks. */
type Spoken = { seconds: number; segments: Segment[]; generate: Generate }

/** Decodes a file in the field `param` and finds who speaks in it; keeps a place in the line while `work` goes on. */
export async function withSpeech<T>(
  bytes: Uint8Array,
  param: string,
  exchange: Exchange,
  service: Service,
  work: (spoken: Spoken) => Promise<T>,
): Promise<T> {
  const mostSeconds = longestSegmentSeconds(serving(service).build)
  return await inLine(exchange, service, async (generate) => {
    const exit = await service.clips.turn(exchange.client, exchange.signal)
    try {
      const clip = await decoded(bytes, param, exchange, service)
      const segments = await service.audio.segmentsOf(clip, { mostSeconds })
      exchange.signal.throwIfAborted()
      return await work({ seconds: clip.seconds, segments, generate })
    } finally {
      exit()
    }
  })
}

/** A file that is being heard: its length in seconds, and its segments as they are done. */
export type Hearing = { seconds: number; heard: AsyncIterable<Heard> }

/** Hears a file. One without speech never troubles the engine. */
export function listen<T>(
  file: { bytes: Uint8Array; param: string },
  wish: Wish,
  exchange: Exchange,
  service: Service,
  tell: (hearing: Hearing) => Promise<T>,
): Promise<T> {
  const { audio, clock, meters } = service
  const began = clock.uptimeMs()
  return withSpeech(file.bytes, file.param, exchange, service, async ({ seconds, segments, generate }) => {
    const heard = hear(segments, wish, asking(generate), audio.join)
    const told = await tell({ seconds, heard: counted(heard, seconds, exchange, meters) })
    meters.heardFile(seconds, (clock.uptimeMs() - began) / 1000)
    return told
  })
}

/** Counts each segment when it is done, with the silence before it: a long file is the work of many samples. */
async function* counted(heard: AsyncIterable<Heard>, seconds: number, { took }: Exchange, meters: Meters) {
  let done = { seconds: 0, engineMs: took.engineMs }
  const count = (until: number) => {
    const now = { seconds: Math.max(done.seconds, until), engineMs: took.engineMs }
    meters.heardPiece(now.seconds - done.seconds, (now.engineMs - done.engineMs) / 1000)
    done = now
  }
  for await (const one of heard) {
    count(one.end)
    yield one
  }
  count(seconds)
}

/** All segments, when the last is done. */
export async function allOf({ heard }: Hearing): Promise<Heard[]> {
  const all: Heard[] = []
  for await (const one of heard) all.push(one)
  return all
}

/** Throws the refusal of a file as a 400, or 413 when it is too long. */
export async function decoded(bytes: Uint8Array, param: string, exchange: Exchange, service: Service): Promise<Clip> {
  const decoding = await service.audio.decode(bytes, { mostSeconds: service.config.mostSeconds }, exchange.signal)
  exchange.signal.throwIfAborted()
  if (decoding.ok) return decoding.clip
  const { code, message } = decoding.refusal
  throw new Problem(code === 'audio-too-long' ? 413 : 400, code, message, { param })
}
