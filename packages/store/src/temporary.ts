import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { readEnrolToken } from '@tradewind/protocol'
import { build } from 'esbuild'
import type { IngestGroup, Store } from './index'

/** A folder for one test file, gone when its tests have ended. */
export function temporaryFolder(afterAll: (clean: () => void) => void): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-store-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

let files = 0
export const newFile = (folder: string) => path.join(folder, `${++files}.db`)

export const hub = {
  urls: ['https://192.168.1.20:4443'],
  caSha256: 'ab'.repeat(32),
  mqttPort: 8883,
  version: '0.1.0',
}

/** Enrols a device by a token of its own, and gives its id. The store must have the hub's info. */
export async function enrolOne(store: Store, name = 'till-7', publicKey = `key of ${name}`): Promise<string> {
  const { text } = await store.createEnrolToken({ note: name, lifeMs: 60_000, actor: 'up' })
  const token = readEnrolToken(text)
  const claims = { name, agentVersion: '0.1.0', hints: {}, secret: token.ok ? token.value.secret : '' }
  const outcome = await store.enrol({ publicKey, thumbprint: publicKey, claims, address: '10.0.0.2' })
  if (outcome.state !== 'enrolled') throw new Error(`${name} is ${outcome.state}`)
  return outcome.deviceId
}

export const group = (part: Partial<IngestGroup>): IngestGroup => ({
  batches: [],
  events: [],
  presences: [],
  reports: [],
  reported: [],
  measured: [],
  ...part,
})

/** The store's thread as a program ships it: one bundled file beside the compiled driver. */
export async function bundleThread(folder: string): Promise<URL> {
  const outfile = path.join(folder, 'thread-worker.mjs')
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  await build({
    entryPoints: [path.join(import.meta.dirname, 'thread-worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [
      {
        name: 'driver-where-it-is-installed',
        setup: (b) => b.onResolve({ filter: /^better-sqlite3$/ }, () => ({ path: driver, external: true })),
      },
    ],
  })
  return pathToFileURL(outfile)
}
