import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { readAcceptance } from '@tradewind/agent/accept/signature'
import { freePort, Program, testFolder } from '@tradewind/testkit'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const script = path.join(root, 'apps/agent/dist/main.js')

test('the agent that serves the demo is accepted with its samples', async () => {
  const out = testFolder('accept')
  const env = {
    TRADEWIND_AGENT_DATA: path.join(out, 'data'),
    TRADEWIND_API_PORT: String(await freePort()),
    TRADEWIND_DEMO: path.join(root, 'test/fixtures/pocket'),
    // a hub that is not there: it serves all the same
    TRADEWIND_HUB: `https://127.0.0.1:${await freePort()}`,
  }
  await Program.start('agent', env).says('the build is served', 60_000)
  const { stdout } = await promisify(execFile)(process.execPath, [script, 'accept', '--minutes', '0', '--out', out], {
    env: { ...process.env, ...env },
  })
  expect(stdout).toMatch(/^Build .*a demo: it says nothing of real models$/m)

  const file = (await readdir(out)).find((name) => name.startsWith('acceptance-pocket-')) ?? ''
  const read = await readAcceptance(await readFile(path.join(out, file), 'utf8'))
  if (!read.ok) throw new Error(read.refusal.message)
  const { build, engine, errors, residentBytes, silence } = read.report
  expect(build).toMatchObject({ id: 'pocket', demo: true, files: [{ role: 'weights' }, { role: 'projector' }] })
  expect(engine.commit).toMatch(/^[0-9a-f]{7,40}$/)
  expect(errors.map(({ language, clips }) => [language, clips])).toEqual([
    ['en', 6],
    ['es', 6],
  ])
  for (const { rate } of errors) expect(rate).toBeLessThanOrEqual(0.1)
  expect(silence.map(({ inventedWords }) => inventedWords)).toEqual([0, 0])
  if (process.platform === 'linux') expect(residentBytes).toBeGreaterThan(1e6)
}, 120_000)
