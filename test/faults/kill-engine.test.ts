import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { findLlamaServer } from '@tradewind/agent/engine/llama-server-build'
import { eventually, freePort, pocketClips, pocketFile, testFolder } from '@tradewind/testkit'
import { expect, onTestFinished, test } from 'vitest'

const agent = path.resolve('apps/agent/dist/main.js')
const [clip] = pocketClips('samples')
const built = await findLlamaServer(process.env.TRADEWIND_ENGINES)

/** The built agent, serving the demo without a hub. */
async function serving(engines: string) {
  const port = await freePort()
  const env = {
    ...process.env,
    TRADEWIND_AGENT_DATA: testFolder('kill-engine'),
    TRADEWIND_DEMO: pocketFile('.'),
    TRADEWIND_API_PORT: String(port),
    TRADEWIND_ENGINES: engines,
    TRADEWIND_MEASURE: 'never',
    TRADEWIND_LOG: 'silent',
  }
  const child = spawn(process.execPath, [agent, 'serve'], { env, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ask = () => transcribe(`http://127.0.0.1:${port}`)
  await eventually('the demo is served', async () => (await ask().catch(() => null))?.status === 200, 30_000)
  return { pid: child.pid ?? 0, ask, isAlive: () => child.exitCode === null && child.signalCode === null }
}

async function transcribe(api: string): Promise<{ status: number; body: { text?: string; error?: { code: string } } }> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(clip?.bytes ?? [])]), 'clip.wav')
  form.set('language', clip?.lang ?? '')
  const response = await fetch(`${api}/v1/audio/transcriptions`, { method: 'POST', body: form })
  return { status: response.status, body: (await response.json()) as object }
}

/** The processes of the agent that run this program. */
function childrenOf(pid: number, program: RegExp): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1]
        return Number(parent) === pid && program.test(readFileSync(`/proc/${one}/cmdline`, 'utf8'))
      } catch {
        return false
      }
    })
}

const engines: [string, string | null, RegExp][] = [
  ['llama.node', '/nowhere', /native-child/],
  ['llama-server', built && path.dirname(path.dirname(built.program)), /llama-server/],
]
for (const [name, folder, program] of engines)
  test.skipIf(folder === null)(
    `kill -9 of ${name} in the middle of 20 requests, and the next one succeeds`,
    async () => {
      const { pid, ask, isAlive } = await serving(folder ?? '')
      const first = Array.from({ length: 12 }, ask)
      await Promise.race(first)
      for (const one of childrenOf(pid, program)) process.kill(one, 'SIGKILL')
      const all = [...first, ...Array.from({ length: 8 }, ask)]
      for (const { status, body } of await Promise.all(all)) {
        if (status === 200) expect(body.text).toBe(clip?.transcript)
        else expect([[429, 503].includes(status), typeof body.error?.code]).toEqual([true, 'string'])
      }
      expect(isAlive()).toBe(true)
      await eventually('it answers again', async () => (await ask()).status === 200, 30_000)
    },
    90_000,
  )
