// What E2B costs at its real size, beside what the fleet estimates: `npm run bench shape -- FOLDER [--contexts 4096,32768]
// [--json]`, with a folder that tools/shape/shape.py has written. The model says noise; its cost is the real one's.
import { statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Generation, Load, Part, Piece } from '@tradewind/agent/engine/engine'
import { defaultEngines, findLlamaServer } from '@tradewind/agent/engine/llama-server-build'
import { openAiServer } from '@tradewind/agent/engine/openai-server'
import { profiles } from '@tradewind/agent/engine/openai-server-profiles'
import type { Process } from '@tradewind/agent/engine/runtime'
import { measureMemoryBandwidth } from '@tradewind/agent/measure/memory-bandwidth'
import { gemma4 } from '@tradewind/fleet'
import { memoryNeed } from '../packages/fleet/src/placement/memory'
import { usageOf } from './load/process-usage'

const isJson = process.argv.includes('--json')
const say = (line: string) => isJson || console.log(line)
const after = (name: string) => process.argv[process.argv.indexOf(name) + 1]
const folder = process.argv[3] ?? ''
const contexts = (process.argv.includes('--contexts') ? (after('--contexts') ?? '') : '4096,32768,131072')
  .split(',')
  .map(Number)
const modelPath = path.join(folder, 'e2b-shape.gguf')
const projectorPath = path.join(folder, 'e2b-shape-mmproj.gguf')

const bytes = { weights: statSync(modelPath).size, projector: statSync(projectorPath).size }
/** A lookup in each layer's table reads a row of it, never the table: 35 of 256 wide, in Q8_0. */
const perLayerTableBytes = (35 * 256 * 262_144 * 34) / 32
const bytesPerToken = bytes.weights - perLayerTableBytes
const MB = (value: number) => Math.round(value / 1e6)

const engine = await findLlamaServer(process.env.TRADEWIND_ENGINES || defaultEngines)
if (!engine) throw new Error('There is no llama-server for this machine: node tools/engine/build.mjs')
const runtime = openAiServer({ profile: profiles['llama-server'], program: engine.program })
const bandwidth = await measureMemoryBandwidth().catch((error: Error) => error.message)

const results = []
for (const contextTokens of contexts) results.push(await measure(contextTokens, contextTokens === contexts[0]))
if (isJson)
  console.log(
    JSON.stringify({ bench: 'shape', engine: engine.record, bytes, bytesPerToken, bandwidth, results }, null, 2),
  )
process.exit(0)

async function measure(contextTokens: number, withSpeed: boolean) {
  const ubatch = 512
  const load: Load = {
    ...{
      build: 'e2b-shape',
      modelPath,
      projectorPath,
      contextTokens,
      slots: 1,
      cacheType: 'f16',
      ubatch,
      gpuLayers: 0,
    },
    threads: os.availableParallelism(),
  }
  const began = performance.now()
  const server = runtime.start(load)
  try {
    await server.ready
    const loadMs = Math.round(performance.now() - began)
    const residentLoaded = usageOf(server.pid as number).rssBytes
    const speed = withSpeed ? await speedOf(server) : void (await warm(server))
    const residentUsed = usageOf(server.pid as number).rssBytes
    const estimate = estimateOf(contextTokens, ubatch)
    const result = {
      contextTokens,
      loadMs,
      residentLoaded,
      residentUsed,
      estimate,
      ratio: estimate.total / residentUsed,
      ...speed,
    }
    say(
      `${contextTokens} tokens: loaded in ${loadMs} ms, ${MB(residentLoaded)} MB, ${MB(residentUsed)} MB once used; ` +
        `estimated ${MB(estimate.total)} MB, ${result.ratio.toFixed(3)} of it`,
    )
    if (withSpeed) say(JSON.stringify(speed))
    return result
  } finally {
    await server.stop(2_000)
  }
}

function estimateOf(context: number, microBatch: number) {
  const variant = gemma4.variants.find(({ id }) => id === 'e2b')
  const build = gemma4.builds.find(({ id }) => id === 'e2b-q8_0')
  if (!variant || !build) throw new Error('the catalogue has no e2b-q8_0')
  const files = build.files.map((file) => ({ ...file, bytes: bytes[file.role as keyof typeof bytes] ?? file.bytes }))
  return memoryNeed(variant, { ...build, files }, { context, slots: 1, cacheType: 'f16', microBatch })
}

/** A prompt of more than a micro-batch makes the scratch memory resident. */
async function warm(server: Process) {
  await cost(server, [{ is: 'text', text: 'w'.repeat(600) }], 2)
}

async function speedOf(server: Process) {
  await warm(server)
  const prompt = await cost(server, [{ is: 'text', text: 'p'.repeat(512) }], 1)
  const answer = await cost(server, [{ is: 'text', text: 'go' }], 48)
  const prefillPerSecond = (prompt.promptTokens / prompt.promptMs) * 1000
  const decodePerSecond = ((answer.generatedTokens - 1) / answer.generationMs) * 1000
  const clips: Record<string, { firstTokenMs: number; tokens: number; encoderMs: number }> = {}
  for (const seconds of [10, 30]) {
    const { promptMs, promptTokens } = await cost(
      server,
      [
        { is: 'sound', samples: hum(seconds) },
        { is: 'text', text: 'T' },
      ],
      1,
    )
    const encoderMs = Math.round(promptMs - (promptTokens / prefillPerSecond) * 1000)
    clips[`${seconds} s`] = { firstTokenMs: Math.round(promptMs), tokens: promptTokens, encoderMs }
  }
  const limitPerSecond = typeof bandwidth === 'number' ? bandwidth / bytesPerToken : null
  return { prefillPerSecond, decodePerSecond, limitPerSecond, clips }
}

async function cost(server: Process, parts: Part[], mostTokens: number) {
  const request: Generation = { turns: [{ role: 'user', parts }], mostTokens, temperature: 0 }
  let last: Piece | undefined
  for await (const piece of server.generate(request, new AbortController().signal)) last = piece
  if (last?.is !== 'end') throw new Error('the engine gave no end')
  return last
}

function hum(seconds: number) {
  return Float32Array.from({ length: seconds * 16_000 }, (_, i) => Math.sin(i / 20) * Math.sin(i / 3000) * 0.3)
}
