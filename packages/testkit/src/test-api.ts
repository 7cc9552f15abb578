import { type ApiParts, startApi } from '@tradewind/agent/serve/api'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { scriptedAudio } from './scripted-audio'
import { ScriptedEngine } from './scripted-engine'
import { VirtualClock } from './virtual-clock'

/** A device's API on a free port with fake engine and fake audio; closed when the test ends. */
export async function testApi({
  engine = new ScriptedEngine(),
  audio = scriptedAudio,
  config = {},
}: {
  engine?: ScriptedEngine
  audio?: ApiParts['audio']
  config?: ApiParts['config']
} = {}) {
  const wall = new VirtualClock()
  const clock = { now: wall.now, uptimeMs: () => performance.now() }
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
  const api = await startApi({ engine, audio, clock, log, config: { port: 0, ...config } })
  onTestFinished(() => api.close())
  return { url: `http://127.0.0.1:${api.port}`, port: api.port, engine, logged, wall, api }
}
