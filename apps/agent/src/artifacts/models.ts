import type { Broken, Listed } from '@tradewind/artifacts/store'
import { fail } from '@tradewind/artifacts/trouble'
import { Console } from './console'
import { storeHere } from './here'
import { sizeWords } from './words'

export const listModels = ({ json = false }: { json?: boolean }) => new Console(json).run(() => list(json))
export const removeModel = (id: string) => new Console(false).run(() => remove(id))
export const verifyModels = (id?: string) => new Console(false).run((signal) => verify(id, signal))

async function list(json: boolean) {
  const all = await storeHere().list()
  if (json) return void process.stdout.write(`${JSON.stringify(all)}\n`)
  if (all.length === 0)
    return void process.stdout.write('No models are here. `tradewind-agent pull e2b` fetches one.\n')
  for (const one of all) process.stdout.write(lineOf(one))
}

function lineOf({ build, bytes, hereBytes, lastUsedMs, heldBy, broken }: Listed): string {
  const share = `${Math.min(99, Math.floor((100 * hereBytes) / bytes))} %`
  const state = broken.length === 0 ? 'whole' : `${share} here: ${broken.map(brokenWords).join(', ')}`
  const use = heldBy.length > 0 ? `in use by process ${heldBy.join(', ')}` : `last used ${dayOf(lastUsedMs)}`
  return `${build.label ?? build.id}  (${build.id})  ${sizeWords(bytes)}  ${state}  ${use}\n`
}

const brokenWords = ({ path, code }: Broken) => `${path} ${code}`
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

async function remove(id: string) {
  const { freedBytes } = await storeHere().remove(id)
  process.stdout.write(`${id} is gone; ${sizeWords(freedBytes)} are free again\n`)
}

async function verify(id: string | undefined, signal: AbortSignal) {
  const store = storeHere()
  const all = await store.list()
  const chosen = id === undefined ? all : all.filter(({ build }) => build.id === id)
  if (id !== undefined && chosen.length === 0) fail('build-unknown', { build: id })
  const damaged: { build: string; paths: string[] }[] = []
  for (const { build } of chosen) {
    const broken = await store.verify(build, signal)
    process.stdout.write(
      `${build.id}: ${broken.length === 0 ? 'every byte is right' : broken.map(brokenWords).join(', ')}\n`,
    )
    if (broken.length > 0) damaged.push({ build: build.id, paths: broken.map(({ path }) => path) })
  }
  const [first] = damaged
  if (first) fail('build-broken', first)
}
