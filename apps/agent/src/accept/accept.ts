import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import path from 'node:path'
import { ArtifactStore } from '@tradewind/artifacts/store'
import { writeWhole } from '@tradewind/disk'
import { version } from '../agent'
import type { Env } from '../env'
import { localHost } from '../host/local'
import { ownKey } from '../identity/identity'
import { probeAll } from '../probe/probe'
import { AcceptError } from './accept-error'
import { clipsIn, samplesOf } from './clips'
import { DeviceApi, placeOf, type Served } from './device-api'
import { engineMemory } from './engine-memory'
import { progressOn } from './progress'
import type { Acceptance } from './report'
import { readAcceptance, signAcceptance } from './signature'
import { type Runs, summaryOf } from './summary'
import { watched } from './watch'
import { wordsOf } from './words'
import { work } from './work'

type Options = {
  env: Env
  /** with expected.json; undefined: the demo's samples, while the demo is served */
  clips?: string
  minutes: number
  /** folder to write into */
  out: string
  signal: AbortSignal
  /** where progress goes */
  to: NodeJS.WriteStream
}

/**
 * Measures what this device serves and writes a signed report: the path of the file, and the report in words. Nothing is written
 * before the end. Throws `AcceptError`, or what `signal` was aborted with.
 */
export async function accept({
  env,
  clips,
  minutes,
  out,
  signal,
  to,
}: Options): Promise<{ file: string; words: string }> {
  const api = new DeviceApi(placeOf(env), signal)
  const served = await api.served()
  const { list, sha256 } = await clipsIn(clips ?? (await samplesOf(served.id, env.TRADEWIND_DEMO)))
  const key = await agentKey(env.TRADEWIND_AGENT_DATA)
  await mustBeWritable(out)

  const at = Date.now()
  const host = localHost(env.TRADEWIND_AGENT_DATA, env.TRADEWIND_MEASURE === 'never' ? 'never' : 'look')
  const capability = await probeAll(host, version, at)
  const { build, paths } = await storedBuild(env, served.id)
  const progress = progressOn(to, () => performance.now())
  const { done, vitals } = await watched(host, async () => {
    const seen = await work({ api, build: served.id, clips: list, minutes, tell: progress.tell })
    return { ...seen, residentBytes: await engineMemory(paths) }
  }).finally(progress.end)
  signal.throwIfAborted()

  const told = { at, build, ...toldBy(served), clips: { count: list.length, sha256 }, host: capability }
  const report = summaryOf({ ...told, ...done, vitals })
  const file = path.resolve(out, fileName(report))
  const text = await signAcceptance(report, key)
  await writeWhole(file, text).catch((error) => unwritable(out, error))
  return { file, words: wordsOf(report) }
}

/** A report that somebody sent, in words. Throws `AcceptError` when it is none, or not as it was signed. */
export async function readReport(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new AcceptError('report-refused', `${file} cannot be read (${error.code}).`, 'Name the file of a report.')
  })
  const read = await readAcceptance(text)
  if (read.ok) return `${wordsOf(read.report)}${'Signed by'.padEnd(14)}${read.signer}\n`
  const { code, message } = read.refusal
  throw new AcceptError(
    'report-refused',
    `${file}: ${code}. ${message}`,
    'Ask its sender for the file as it was written.',
  )
}

const toldBy = ({
  runtime,
  context_tokens,
  warnings,
}: Served): Pick<Runs, 'engine' | 'contextTokens' | 'warnings'> => ({
  engine: runtime,
  contextTokens: context_tokens,
  warnings,
})

/** The agent's own key: with another folder's, or a new one, nobody would know whose report it is. */
async function agentKey(folder: string) {
  await access(path.join(folder, 'device.key'), constants.R_OK).catch(() => {
    throw new AcceptError(
      'identity-missing',
      `There is no key of this device in ${folder} that can be read.`,
      'Set TRADEWIND_AGENT_DATA as for the agent, and run this as the user that the agent runs as.',
    )
  })
  return ownKey(folder)
}

/** Asked before the work: half an hour of it should not end here. */
const mustBeWritable = (folder: string) => access(folder, constants.W_OK).catch((error) => unwritable(folder, error))

function unwritable(folder: string, { code }: NodeJS.ErrnoException): never {
  throw new AcceptError(
    'folder-unwritable',
    `Nothing can be written into ${path.resolve(folder)} (${code}).`,
    'Give --out a folder that is there, yours, and has room.',
  )
}

/** What the store of this device knows of a build, and where its files lie. An engine elsewhere may serve what is not in it. */
async function storedBuild(env: Env, id: string): Promise<{ build: Acceptance['build']; paths: string[] }> {
  const store = ArtifactStore.open(path.join(env.TRADEWIND_AGENT_DATA, 'models'))
  const held = (await store.find(id).catch(() => null))?.build
  if (!held) return { build: { id, files: [] }, paths: [] }
  const { label, demo, files } = held
  return {
    build: { id, label, demo, files: files.map(({ role, sha256 }) => ({ role, sha256 })) },
    paths: files.map((file) => path.resolve(store.pathOf(file))),
  }
}

/** `acceptance-e2b-q8_0-2026-11-24T140500Z.json`: a second report of a day does not replace the first. */
const fileName = ({ build, at }: Acceptance) =>
  `acceptance-${build.id.replace(/[^\w.-]/g, '_')}-${new Date(at).toISOString().replace(/:|\.\d+/g, '')}.json`
