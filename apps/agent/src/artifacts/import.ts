import path from 'node:path'
import { buildsIn } from '@tradewind/artifacts/find-builds'
import { FolderSource } from '@tradewind/artifacts/folder-source'
import type { Catalogue } from '@tradewind/protocol'
import { bytesOf } from '@tradewind/protocol'
import { catalogueWith } from './catalogue-file'
import { Console } from './console'
import { storeHere } from './here'
import { buildWords, sizeWords } from './words'

/** Takes every build that the folder holds. */
export function importBuilds(folder: string, { catalogue, json = false }: { catalogue?: string; json?: boolean }) {
  const console = new Console(json)
  return console.run(async (signal) =>
    importFrom(console, path.resolve(folder), await catalogueWith(catalogue), signal),
  )
}

async function importFrom(console: Console, folder: string, catalogue: Catalogue, signal: AbortSignal) {
  const store = storeHere()
  const onRead = (file: string, bytes: number) =>
    console.say(`reading ${path.relative(folder, file)} (${sizeWords(bytes)})\n`, { event: 'reading', file, bytes })
  const { builds, pathOf } = await buildsIn(folder, { catalogue, signal, onRead })
  const source = new FolderSource(folder, pathOf)
  for (const build of builds) {
    console.say(buildWords(build, `from ${folder}`), { event: 'build', build })
    await store.fetch(build, { sources: [source], signal, onProgress: console.progress })
    console.say(`${build.id} is here, every file verified by its sha256\n`, {
      event: 'done',
      build: build.id,
      bytes: bytesOf(build),
    })
  }
}
