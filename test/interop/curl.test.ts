import { execFile, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ScriptedEngine, testApi, testFolder } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/api.md'), 'utf8')
const lines = page.split('\n').filter((line) => line.startsWith('curl '))
const isInstalled = spawnSync('curl', ['--version']).error === undefined

/** Runs a line of the page in a shell, beside a file of fake sound, against a device. */
async function run(line: string) {
  const { url } = await testApi({ engine: new ScriptedEngine(() => 'hola\nEnglish: hello\nFrench: bonjour') })
  const cwd = testFolder()
  writeFileSync(path.join(cwd, 'clip.wav'), 'speech 2')
  const command = line.replace('http://127.0.0.1:8797', url).replace('curl', 'curl --silent --fail-with-body')
  return await new Promise<string>((resolve, reject) =>
    execFile('sh', ['-c', command], { cwd }, (error, stdout) => (error ? reject(error) : resolve(stdout))),
  )
}

describe.skipIf(!isInstalled)('the lines of docs/api.md, run by curl', () => {
  test('there are some', () => {
    expect(lines.length).toBeGreaterThan(5)
  })

  test.each(lines)('%s', async (line) => {
    expect(await run(line)).toMatch(/hola|hello|bonjour/)
  })
})
