import { decode } from '@tradewind/agent/audio/decode'
import { join } from '@tradewind/agent/audio/join'
import { segmentsOf } from '@tradewind/agent/audio/segments'
import { checkFiles } from '@tradewind/agent/engine/check-files'
import type { Load } from '@tradewind/agent/engine/engine'
import { findLlamaServer } from '@tradewind/agent/engine/llama-server-build'
import { NativeRuntime } from '@tradewind/agent/engine/native'
import { openAiServer } from '@tradewind/agent/engine/openai-server'
import { profiles } from '@tradewind/agent/engine/openai-server-profiles'
import type { Runtime } from '@tradewind/agent/engine/runtime'
import { SupervisedEngine } from '@tradewind/agent/engine/supervised'
import { startApi } from '@tradewind/agent/serve/api'
import { speechPrompts } from '@tradewind/fleet'
import { pino } from 'pino'
import { type PocketClip, pocketLanguages } from './pocket'

/** The runtimes that hear; null in place of llama-server where none was built. */
export async function hearingRuntimes(): Promise<{ name: string; runtime: Runtime | null }[]> {
  const built = await findLlamaServer(process.env.TRADEWIND_ENGINES)
  const server = built && openAiServer({ profile: profiles['llama-server'], program: built.program, checkFiles })
  return [
    { name: 'llama-node', runtime: new NativeRuntime('llama-node') },
    { name: 'llama-server', runtime: server },
  ]
}

/** A device's own engine and API on a free port, without the rest of an agent: everything in it is the real thing. */
export class HearingDevice {
  private constructor(
    readonly engine: SupervisedEngine,
    readonly url: string,
    private api: { close(): Promise<void> },
  ) {}

  static async start(runtime: Runtime, load: Load): Promise<HearingDevice> {
    const deaths = { isAndroid: false, outOfMemoryKills: () => null }
    const engine = new SupervisedEngine({ runtimeFor: () => runtime, deaths, now: Date.now })
    await engine.load(load)
    const clock = { now: Date.now, uptimeMs: () => performance.now() }
    const audio = { decode, segmentsOf, join }
    const api = await startApi({ engine, audio, clock, log: pino({ level: 'silent' }), config: { port: 0 } })
    return new HearingDevice(engine, `http://127.0.0.1:${api.port}`, api)
  }

  /** What the API makes of a file; the body as text, whatever the format. Throws when it is refused. */
  async hear(bytes: Uint8Array, fields: Record<string, string>): Promise<string> {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(bytes)]), 'clip')
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    const what = fields.target_language === undefined ? 'transcriptions' : 'translations'
    const response = await fetch(`${this.url}/v1/audio/${what}`, { method: 'POST', body: form })
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status}: ${text}`)
    return text
  }

  /** The whole clip, by the same prompt, with nothing of ours between: what the engine alone makes of it. */
  async hearBare({ bytes, lang }: PocketClip): Promise<string> {
    const decoded = await decode(bytes, { mostSeconds: 60 })
    if (!decoded.ok) throw new Error(decoded.refusal.message)
    const sound = { is: 'sound' as const, samples: decoded.clip.samples }
    const prompt = { is: 'text' as const, text: speechPrompts.transcribe(pocketLanguages[lang]) }
    const turns = [{ role: 'user' as const, parts: [sound, prompt] }]
    let text = ''
    for await (const piece of this.engine.generate({ turns, mostTokens: 64, temperature: 0 }))
      if (piece.is === 'text') text += piece.text
    return text
  }

  async stop() {
    await this.api.close()
    await this.engine.unload()
  }
}
