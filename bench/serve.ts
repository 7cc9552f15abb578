// What the agent's API costs on top of llama-server: the same server is asked directly and through the agent, in turns.
// npm run bench serve -- [--json] [--build FOLDER] [--clip WAV] [--tokens N] [--rounds N] [--slots N] [--clients N,N]
// FOLDER holds a build.json, such as test/fixtures/pocket (default) or what tools/shape/shape.py writes.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { join } from '@tradewind/agent/audio/join'
import type { Generation, Load } from '@tradewind/agent/engine/engine'
import { defaultEngines, findLlamaServer } from '@tradewind/agent/engine/llama-server-build'
import { NativeRuntime } from '@tradewind/agent/engine/native'
import { piecesOf } from '@tradewind/agent/engine/openai-server-answer'
import { freePort, ServerChild } from '@tradewind/agent/engine/openai-server-child'
import { ask, textOf } from '@tradewind/agent/engine/openai-server-http'
import { profiles } from '@tradewind/agent/engine/openai-server-profiles'
import { bodyOf } from '@tradewind/agent/engine/openai-server-request'
import { wholeAnswer } from '@tradewind/agent/speech/ask'
import { hear, type Wish } from '@tradewind/agent/speech/hear'
import { languageOf } from '@tradewind/agent/speech/languages'
import { HearingDevice } from '../packages/testkit/src/hearing-device'
import { median, usageOf } from './load/process-usage'

const isJson = process.argv.includes('--json')
const say = (line: string) => isJson || console.log(line)
const option = (name: string, otherwise: string) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise)
}
const folder = path.resolve(option('build', 'test/fixtures/pocket'))
const clip = readFileSync(option('clip', 'test/fixtures/pocket/samples/en-0.wav'))
const [tokens, rounds, slots] = ['tokens 64', 'rounds 5', 'slots 1'].map((pair) => {
  const [name = '', otherwise = ''] = pair.split(' ')
  return Number(option(name, otherwise))
}) as [number, number, number]
const crowds = option('clients', '1,4,16').split(',').map(Number)
const seconds = (clip.length - 44) / 32_000
/** What the agent may cost: shares of llama-server's own speed, and milliseconds before the first token. */
const gates = { throughputShare: 0.98, addedFirstTokenMs: 5, fourOfOne: 0.95 }

/** One way to the same engine: straight to it, or through our API. */
type Way = { name: 'direct' | 'agent'; ask: () => Promise<Answer> }
type Server = Way & { url: string; key: string; pid: number }
type Answer = { firstMs: number; totalMs: number }

const build: { files: { role: string; path: string }[] } = JSON.parse(
  readFileSync(path.join(folder, 'build.json'), 'utf8'),
)
const fileOf = (role: string) => build.files.find((file) => file.role === role)?.path
const data = mkdtempSync(path.join(os.tmpdir(), 'tradewind-bench-'))
const ending: (() => unknown)[] = [() => rmSync(data, { recursive: true, force: true })]
try {
  const report = await measure()
  if (isJson) console.log(JSON.stringify(report, null, 2))
  process.exitCode = report.missed.length > 0 ? 1 : 0
} finally {
  for (const end of ending.reverse()) await end()
}
process.exit()

async function measure() {
  const direct = await startServer()
  const agent = await startAgent(direct)
  for (const { ask } of [direct, agent]) await ask() // the first of each warms up
  const results = []
  for (const clients of crowds) {
    const result = await inTurns(clients, direct, agent)
    results.push(result)
    say(`${clients} clients: ${JSON.stringify(result)}`)
  }
  const llamaNode = await besideLlamaNode()
  say(`llama.node: ${JSON.stringify(llamaNode)}`)
  const heard = fileOf('projector') ? await hearing(direct, agent) : null
  const [one, four] = results
  const measured = {
    throughputShare: one?.throughputShare ?? Number.NaN,
    addedFirstTokenMs: one?.addedFirstTokenMs ?? Number.NaN,
    fourOfOne: (four?.requestsPerSecond.agent ?? Number.NaN) / (one?.requestsPerSecond.agent ?? Number.NaN),
  }
  const missed = [
    ...(measured.throughputShare >= gates.throughputShare ? [] : ['throughputShare']),
    ...(measured.addedFirstTokenMs < gates.addedFirstTokenMs ? [] : ['addedFirstTokenMs']),
    ...(measured.fourOfOne >= gates.fourOfOne ? [] : ['fourOfOne']),
  ]
  const resident = { engine: usageOf(direct.pid).rssBytes, agent: usageOf(agent.pid).rssBytes }
  say(JSON.stringify({ heard, measured, resident, missed }))
  return { bench: 'serve', folder, tokens, slots, results, llamaNode, heard, resident, measured, gates, missed }
}

function serverAt(name: Way['name'], port: number, key: string, pid: number): Server {
  const place = { url: `http://127.0.0.1:${port}`, key, pid }
  return { name, ...place, ask: () => chat(place) }
}

function loadOf(): Load {
  const projector = fileOf('projector')
  return {
    ...{ build: 'bench', modelPath: path.join(folder, fileOf('weights') ?? '') },
    projectorPath: projector ? path.join(folder, projector) : null,
    ...{ cacheType: 'f16', ubatch: 512, gpuLayers: 0 },
    ...{ contextTokens: 2048, slots, threads: os.availableParallelism() },
  }
}

/** llama.node has no door of its own: its engine is asked in this process, and through our API in this process. */
async function besideLlamaNode() {
  const device = await HearingDevice.start(new NativeRuntime('llama-node'), loadOf())
  const { messages } = question(tokens)
  const turns = messages.map(({ content }) => ({
    role: 'user' as const,
    parts: [{ is: 'text' as const, text: content }],
  }))
  const bare = async (): Promise<Answer> => {
    const began = performance.now()
    let firstMs = Number.NaN
    for await (const piece of device.engine.generate({ turns, mostTokens: tokens, temperature: 0 }))
      if (piece.is === 'end') firstMs = piece.promptMs
    return { firstMs, totalMs: performance.now() - began }
  }
  const through = { url: device.url, key: '' }
  try {
    await bare()
    return await inTurns(1, { name: 'direct', ask: bare }, { name: 'agent', ask: () => chat(through) })
  } finally {
    await device.stop()
  }
}

async function startServer(): Promise<Server> {
  const engine = await findLlamaServer(process.env.TRADEWIND_ENGINES || defaultEngines)
  if (!engine) throw new Error('There is no llama-server for this machine: node tools/engine/build.mjs')
  const load = loadOf()
  const { args, keyVariable } = profiles['llama-server']
  const [port, key] = [await freePort(), randomBytes(16).toString('hex')]
  const env = { ...process.env, [`${keyVariable}`]: key }
  const child = new ServerChild({ program: engine.program, args: args(load, port), prepare: null, env })
  ending.push(() => child.stop(2_000))
  const way = serverAt('direct', port, key, child.pid as number)
  await until(`${way.url}/health`, way.key, () => child.hasEnded && child.lastLines(3).join('\n'))
  return way
}

/** An agent whose hub is not there, and which uses the server that is there already. */
async function startAgent({ url, key: engineKey }: Server): Promise<Server> {
  const [port, key] = [await freePort(), randomBytes(16).toString('hex')]
  const env = {
    ...process.env,
    ...{
      TRADEWIND_AGENT_DATA: data,
      TRADEWIND_HUB: 'https://127.0.0.1:9',
      TRADEWIND_LOG: 'error',
      TRADEWIND_MEASURE: 'never',
    },
    ...{ TRADEWIND_API_PORT: `${port}`, TRADEWIND_API_KEY: key, TRADEWIND_DEMO: folder, TRADEWIND_SLOTS: `${slots}` },
    ...{ TRADEWIND_ENGINE_URL: url, TRADEWIND_ENGINE_KEY: engineKey, TRADEWIND_CONTEXT: '2048' },
  }
  const child: ChildProcess = spawn(process.execPath, ['apps/agent/dist/main.js'], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  ending.push(() => child.kill())
  const way = serverAt('agent', port, key, child.pid as number)
  await until(`${way.url}/v1/models`, way.key, () => child.exitCode !== null && 'the agent ended')
  for (;;) {
    const answer = await post(way, '/v1/chat/completions', JSON.stringify(question(1)))
    await answer.text()
    if (answer.ok) return way
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function until(url: string, key: string, hasFailed: () => string | false) {
  while (!(await fetch(url, { headers: { authorization: `Bearer ${key}` } }).catch(() => null))?.ok) {
    const why = hasFailed()
    if (why !== false) throw new Error(why)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Each round asks both ways, the one that was second first: what the machine does besides hits both alike. */
async function inTurns(clients: number, ...ways: [Way, Way]) {
  const taken = { direct: [] as Round[], agent: [] as Round[] }
  for (let round = 0; round < rounds; round++)
    for (const way of round % 2 ? [...ways].reverse() : ways) taken[way.name].push(await crowd(way, clients))
  const rate = (name: Way['name']) => median(taken[name].map(({ requestsPerSecond }) => requestsPerSecond))
  const first = (name: Way['name']) =>
    median(taken[name].flatMap(({ answers }) => answers.map(({ firstMs }) => firstMs)))
  const slowest = Math.max(...taken.agent.flatMap(({ answers }) => answers.map(({ totalMs }) => totalMs)))
  return {
    clients,
    requestsPerSecond: { direct: rate('direct'), agent: rate('agent') },
    throughputShare: rate('agent') / rate('direct'),
    firstTokenMs: { direct: first('direct'), agent: first('agent') },
    addedFirstTokenMs: first('agent') - first('direct'),
    slowestMs: slowest,
  }
}

type Round = { requestsPerSecond: number; answers: Answer[] }

/** All at once, one request each: the same work for both ways, so that requests a second compare. */
async function crowd(way: Way, clients: number): Promise<Round> {
  const began = performance.now()
  const answers = await Promise.all(Array.from({ length: clients }, way.ask))
  return { requestsPerSecond: clients / ((performance.now() - began) / 1000), answers }
}

function question(mostTokens: number) {
  const messages = [
    { role: 'user', content: `Translate from English to Spanish: ${'one two three '.repeat(6).trim()}` },
  ]
  return { model: 'bench', messages, stream: true, max_tokens: mostTokens, temperature: 0 }
}

type Place = Pick<Server, 'url' | 'key'>
const never = new AbortController().signal

/** Without a time-out: the sixteenth of a crowd may wait for more than the five minutes that `fetch` has. */
async function chat(place: Place): Promise<Answer> {
  const began = performance.now()
  const answer = await ask(place, '/v1/chat/completions', question(tokens), never)
  if (answer.statusCode !== 200) throw new Error(`${place.url}: ${answer.statusCode} ${await textOf(answer)}`)
  let firstMs = Number.NaN
  for await (const piece of piecesOf(answer, began, () => performance.now()))
    if (piece.is === 'end') firstMs = piece.promptMs
  return { firstMs, totalMs: performance.now() - began }
}

/** The whole of a clip, to text: the agent decodes, cuts, asks and joins; directly it is asked alone. */
async function hearing(...ways: [Server, Server]) {
  const took = { direct: [] as number[], agent: [] as number[] }
  for (let round = 0; round < rounds; round++)
    for (const way of round % 2 ? [...ways].reverse() : ways) {
      const began = performance.now()
      await (way.name === 'agent' ? transcribe(way) : hearDirectly(way))
      took[way.name].push(performance.now() - began)
    }
  const [direct, agent] = [median(took.direct), median(took.agent)]
  return { seconds, directMs: direct, agentMs: agent, realTimeFactor: agent / 1000 / seconds, share: direct / agent }
}

async function transcribe(way: Place) {
  const form = new FormData()
  form.set('file', new Blob([clip]), 'clip.wav')
  form.set('model', 'whisper-1')
  form.set('language', 'en')
  const answer = await post(way, '/v1/audio/transcriptions', form)
  if (!answer.ok) throw new Error(`${way.url}: ${answer.status} ${await answer.text()}`)
  await answer.text()
}

/** The same requests as the agent's, one again where the model lost the thread; without its door, decoder and cutting. */
async function hearDirectly(way: Place) {
  const whole = { start: 0, end: seconds, overlap: 0, samples: samplesOf(clip) }
  const wish: Wish = { language: languageOf('en'), target: null, hint: '', temperature: 0 }
  const learned = { model: 'bench', thoughtToken: null }
  const askServer = async (generation: Generation) => {
    const body = bodyOf(generation, profiles['llama-server'], learned)
    const answer = await ask(way, '/v1/chat/completions', body, never)
    return wholeAnswer(piecesOf(answer, performance.now(), () => performance.now()))
  }
  for await (const _ of hear([whole], wish, askServer, join));
}

/** Of a WAV of 16 bits, 16 kHz, one channel. */
function samplesOf(wav: Buffer) {
  return Float32Array.from({ length: (wav.length - 44) / 2 }, (_, at) => wav.readInt16LE(44 + 2 * at) / 32_768)
}

function post({ url, key }: Place, where: string, body: string | FormData) {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(typeof body === 'string' && { 'content-type': 'application/json' }),
  }
  return fetch(url + where, { method: 'POST', headers, body })
}
