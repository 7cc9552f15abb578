import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { guarded, ServerChild } from './openai-server-child'

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const until = async (what: () => boolean) => {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 10))
}
const plain = { args: [], prepare: null, env: process.env }

test('a server ends when its agent is killed, which can say nothing any more', async () => {
  // a process in the agent's place: it starts a server as the agent would, says its number, and waits
  const agent = spawn(process.execPath, [
    '-e',
    `const child = require('node:child_process').spawn('sh', ['-c', process.argv[1], 'engine', 'sleep', '1000'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true })
    console.log(child.pid); setInterval(() => {}, 1000)`,
    guarded(null),
  ])
  const [said] = await once(agent.stdout, 'data')
  const pid = Number(String(said))
  expect(isAlive(pid)).toBe(true)
  agent.kill('SIGKILL')
  await until(() => !isAlive(pid))
})

test('what must be prepared is done first, and the server is not started when it fails', async () => {
  const prepared = new ServerChild({
    ...plain,
    program: 'sh',
    args: ['-c', 'echo serving'],
    prepare: ['-c', `echo "it's prepared"`],
  })
  expect(await prepared.ended).toMatchObject({ code: 0, signal: null })
  expect(prepared.lastLines(5)).toEqual(["it's prepared", 'serving'])
  const failed = new ServerChild({ ...plain, program: 'sh', args: ['-c', 'echo serving'], prepare: ['-c', 'exit 3'] })
  expect(await failed.ended).toMatchObject({ code: 3 })
  expect(failed.lastLines(5)).toEqual([])
})

test('a server that does not want to end is made to', async () => {
  const child = new ServerChild({
    ...plain,
    program: 'sh',
    args: ['-c', 'trap "" TERM; echo up; while :; do sleep 1; done'],
  })
  await until(() => child.lastLines(1).length > 0)
  await child.stop(50)
  expect(await child.ended).toMatchObject({ signal: 'SIGKILL' })
})

test('of what it says, only the last lines are kept, and of a line only its beginning', async () => {
  const child = new ServerChild({
    ...plain,
    program: process.execPath,
    args: ['-e', 'for (let i = 0; i < 1000; i++) console.log(String(i).padEnd(5000, "x"))'],
  })
  await child.ended
  await until(() => child.lastLines(1)[0]?.startsWith('999x') === true)
  const lines = child.lastLines(10_000)
  expect(lines.length).toBe(200)
  expect(Math.max(...lines.map(({ length }) => length))).toBe(500)
})
