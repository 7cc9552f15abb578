import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eventually } from '@tradewind/testkit'
import { afterAll, expect, test } from 'vitest'
import { beside } from '../beside'

const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-orphan-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Stands for the agent: starts the child, orders it to load, says who it is, and waits to be killed. */
const parent = `
const child = require('node:child_process').fork(process.argv[1], ['llama-node'], {
  serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
})
child.send({ is: 'load', load: JSON.parse(process.argv[2]) })
console.log(child.pid)
setInterval(() => {}, 1_000)
`
const pocket = path.resolve('test/fixtures/pocket/pocket-f16.gguf')

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

// nobody writes to the pipe: native code waits for it and lets nothing else run in the child
test.runIf(process.platform !== 'win32').each([
  ['holds weights', () => pocket],
  [
    'is stuck in native code',
    () => {
      const pipe = path.join(folder, 'pipe')
      expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
      return pipe
    },
  ],
])(
  'a child that %s ends when the agent is killed',
  async (_, modelPath) => {
    const load = {
      ...{ build: 'a', modelPath: modelPath(), projectorPath: null, contextTokens: 512, slots: 1 },
      ...{ cacheType: 'f16', ubatch: 512, threads: 1, gpuLayers: 0 },
    }
    const agent = spawn(process.execPath, ['-e', parent, beside('native-child.js').pathname, JSON.stringify(load)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const pid = await new Promise<number>((resolve) => agent.stdout.once('data', (text) => resolve(Number(text))))
    try {
      await new Promise((resolve) => setTimeout(resolve, 2_000)) // it is in the middle of its load, or past it
      expect(isAlive(pid)).toBe(true)
      agent.kill('SIGKILL')
      await eventually('the child has ended', () => !isAlive(pid), 10_000)
    } finally {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    }
  },
  30_000,
)
