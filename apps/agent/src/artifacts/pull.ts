import { huggingFace, resolveBuild } from '@tradewind/artifacts/hugging-face'
import { recordedOf } from '@tradewind/artifacts/recorded'
import type { ArtifactStore } from '@tradewind/artifacts/store'
import type { Build, Catalogue } from '@tradewind/protocol'
import { bytesOf, type ResolvedBuild } from '@tradewind/protocol'
import { version } from '../agent'
import type { Host } from '../host/host'
import { probeAll } from '../probe/probe'
import { catalogueWith } from './catalogue-file'
import { Console } from './console'
import { huggingFaceHere, storeHere } from './here'
import { buildNamed, type Recommendation, recommend } from './recommend'
import { buildWords, sizeWords } from './words'

type Options = { build?: string; catalogue?: string; json?: boolean }

/** Fetches a variant: the build that is named, else the one that suits this device best. */
export function pull(variant: string, { build: id, catalogue: file, json = false }: Options, thisHost: () => Host) {
  const console = new Console(json)
  return console.run(async (signal) => {
    const catalogue = await catalogueWith(file)
    const chosen = id ? buildNamed(id, variant, catalogue) : await recommended(thisHost(), variant, catalogue)
    await fetchBuild(console, chosen, signal)
  })
}

async function fetchBuild(console: Console, { build, because }: Recommendation, signal: AbortSignal) {
  const store = storeHere()
  const held = await resolvedOf(store, build, signal)
  const room = await store.roomFor(held)
  console.say(
    `${buildWords(held, because)}  to fetch: ${sizeWords(room.needBytes)}, room: ${sizeWords(room.haveBytes)}\n`,
    { event: 'build', because, ...room, build: held },
  )
  const source = huggingFace(huggingFaceHere())
  try {
    await store.fetch(held, { sources: [source], signal, onProgress: console.progress })
  } finally {
    await source.close()
  }
  console.say(`${held.id} is here, every file verified by its sha256\n`, {
    event: 'done',
    build: held.id,
    bytes: bytesOf(held),
  })
}

async function recommended(host: Host, variant: string, catalogue: Catalogue): Promise<Recommendation> {
  const { facts, deviceClass } = await probeAll(host, version, Date.now())
  return recommend(variant, { facts, deviceClass }, catalogue)
}

/** What was resolved when it was begun, else what the source says now. */
async function resolvedOf(store: ArtifactStore, build: Build, signal: AbortSignal): Promise<ResolvedBuild> {
  const before = await store.find(build.id)
  return before ? recordedOf(build, before.build) : resolveBuild(build, huggingFaceHere(), signal)
}
