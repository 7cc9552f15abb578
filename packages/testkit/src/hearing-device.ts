import { decode } from '@tradewind/agent/audio/decode'
import { join } from '@tradewind/agent/audio/join'
import { segmentsOf } from '@tradewind/agent/audio/segments'
import type { Load } from '@tradewind/agent/engine/engine'
import type { Runtime } from '@tradewind/agent/engine/runtime'
import { SupervisedEngine } from '@tradewind/agent/engine/supervised'
import { startApi } from '@tradewind/agent/serve/api'
import { pino } from 'pino'

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

  async stop() {
    await this.api.close()
    await this.engine.unload()
  }
}
