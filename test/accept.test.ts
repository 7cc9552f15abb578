import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readAcceptance } from '@tradewind/agent/accept/signature'
import { ownKey } from '@tradewind/agent/identity/identity'
import { eventually, ScriptedEngine, scriptedAudio, testApi, testFolder } from '@tradewind/testkit'
import { expect, onTestFinished, test } from 'vitest'

const script = path.resolve(import.meta.dirname, '../apps/agent/dist/main.js')

/** Fake audio that takes the sounds of the command itself for what they are: ten seconds in which nobody speaks. */
const audio: typeof scriptedAudio = {
  ...scriptedAudio,
  decode: async (bytes, limits, signal) =>
    bytes.length === 44 + 2 * 16_000 * 10
      ? { ok: true, clip: { samples: Float32Array.of(0), seconds: 10 } }
      : scriptedAudio.decode(bytes, limits, signal),
}

const clips = [
  { file: 'en-1.wav', lang: 'en', transcript: 'hello world' },
  { file: 'es-1.wav', lang: 'es', transcript: 'hola mundo' },
  { file: 'es-2.wav', lang: 'es', transcript: 'hola a todo el mundo' },
]

/** A device whose engine says `hola mundo` to whatever it hears; a key, clips, and a folder for reports. */
async function device(engine = new ScriptedEngine()) {
  const { port } = await testApi({ engine, audio })
  const folder = testFolder('accept')
  const [data, clipsFolder, out] = ['data', 'clips', 'out'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ]
  await Promise.all([ownKey(data), mkdir(clipsFolder), mkdir(out)])
  await writeFile(path.join(clipsFolder, 'expected.json'), JSON.stringify(clips))
  for (const { file } of clips) await writeFile(path.join(clipsFolder, file), 'speech 3')
  const env = { TRADEWIND_AGENT_DATA: data, TRADEWIND_API_PORT: String(port), TRADEWIND_MEASURE: 'never' }
  return { engine, out, env, args: ['--clips', clipsFolder, '--minutes', '0', '--out', out] }
}

/** The built agent's command. */
function accept(args: string[], env: Record<string, string>) {
  if (!existsSync(script)) throw new Error(`${script} is not built: npm run build`)
  const child: ChildProcess = spawn(process.execPath, [script, 'accept', ...args], { env: { ...process.env, ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { stdout: '', stderr: '' }
  child.stdout?.on('data', (text) => (said.stdout += text))
  child.stderr?.on('data', (text) => (said.stderr += text))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve)).then((code) => ({
    code,
    ...said,
  }))
  return { child, ended }
}

test('a build that is served is measured, and the report is signed, read again and told', async () => {
  const { engine, env, args, out } = await device()
  const { code, stdout, stderr } = await accept(args, env).ended
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/^first pass, clip 1 of 3\n$/) })
  expect(engine.asked).toHaveLength(clips.length)

  const [file = ''] = await readdir(out)
  expect(file).toMatch(/^acceptance-scripted-\d{4}-\d\d-\d\dT\d{6}Z\.json$/)
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(path.join(out, file))
  const read = await readAcceptance(await readFile(path.join(out, file), 'utf8'))
  expect(read).toMatchObject({
    ok: true,
    report: {
      build: { id: 'scripted', files: [] },
      engine: { name: 'scripted', version: '1', commit: null },
      clips: { count: 3 },
      errors: [
        { language: 'en', clips: 1, said: 2, errors: 2, rate: 1 },
        { language: 'es', clips: 2, said: 7, errors: 3, rate: 0.4286 },
      ],
      cold: { audioSeconds: 12, promptPerSecond: 100 },
      hot: null,
      silence: [
        { sound: 'silence', inventedWords: 0 },
        { sound: 'faint-noise', inventedWords: 0 },
      ],
    },
  })
  expect(stdout).toMatch(/^Errors, es +42\.9 % \(3 of 7 words, 2 clips\)$/m)

  const told = await accept(['--read', path.join(out, file)], {}).ended
  expect(told).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Signed by +[\w-]{43}$/m) })
})

test('speed is measured again after the work', async () => {
  const { engine, env, args, out } = await device()
  const { code, stderr } = await accept([...args, '--minutes', '0.02'], env).ended
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const [file = ''] = await readdir(out)
  const read = await readAcceptance(await readFile(path.join(out, file), 'utf8'))
  expect(read).toMatchObject({ ok: true, report: { hot: { afterMinutes: 0.02, audioSeconds: 12 } } })
  expect(engine.asked.length).toBeGreaterThan(2 * clips.length)
})

test('Ctrl-C writes nothing', async () => {
  const { engine, env, args, out } = await device()
  engine.hold()
  const { child, ended } = accept(args, env)
  await eventually('a clip that is heard', () => engine.running === 1)
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 130, stderr: expect.stringMatching(/stopped: nothing was written\n$/) })
  expect(await readdir(out)).toEqual([])
  await eventually('its place freed', () => engine.running === 0)
})

type Device = Awaited<ReturnType<typeof device>>
test.each<[string, string, (device: Device) => { args?: string[]; env?: Record<string, string> }]>([
  ['without clips, of a build that is no demo', 'clips-missing', ({ out }) => ({ args: ['--out', out] })],
  ['with a data folder that has no key', 'identity-missing', ({ out }) => ({ env: { TRADEWIND_AGENT_DATA: out } })],
  [
    'into a folder that is not there',
    'folder-unwritable',
    ({ args, out }) => ({ args: [...args, '--out', `${out}/no`] }),
  ],
  ['at a port that nobody knows', 'port-unknown', () => ({ env: { TRADEWIND_API_PORT: '0' } })],
  ['at a port where nobody listens', 'api-down', () => ({ env: { TRADEWIND_API_PORT: '1' } })],
])('%s it says %s and what to do, before the engine is asked anything', async (_, code, change) => {
  const there = await device()
  const { args = there.args, env = {} } = change(there)
  const { stderr, ...outcome } = await accept(args, { ...there.env, ...env }).ended
  expect(outcome).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(RegExp(`^error ${code}: .+\n  .+\n$`))
  expect(there.engine.asked).toHaveLength(0)
  expect(await readdir(there.out)).toEqual([])
})

test('a report that is not there is said to be so', async () => {
  const { code, stderr } = await accept(['--read', '/no/such/report.json'], {}).ended
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be read (ENOENT)') })
})

test('a report that was changed is not told', async () => {
  const { env, args, out } = await device()
  await accept(args, env).ended
  const [name = ''] = await readdir(out)
  const file = path.join(out, name)
  await writeFile(file, (await readFile(file, 'utf8')).replace('"errors": 3', '"errors": 0'))
  const { code, stdout, stderr } = await accept(['--read', file], {}).ended
  expect({ code, stdout, stderr }).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('signature-wrong'),
  })
})
