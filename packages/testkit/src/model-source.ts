import { buildOf, fileOf, someBytes } from '@tradewind/artifacts/example'
import type { Build, ModelFile } from '@tradewind/protocol'
import { onTestFinished } from 'vitest'
import { FaultySource } from './faulty-source'

/** A source that speaks Hugging Face's paths, with the models of the given sizes. */
export async function modelSource(sizes: Record<string, number>) {
  const contents = Object.entries(sizes).map(([name, size], index) => ({ name, bytes: someBytes(size, index + 1) }))
  const server = await FaultySource.start(Object.fromEntries(contents.map(({ name, bytes }) => [name, bytes])))
  onTestFinished(() => server.stop())
  const models = contents.map(({ name, bytes }) => ({ bytes, file: fileOf(name, bytes) }))
  const listed = models.map(({ file: { path, sha256, bytes: size } }) => ({
    rfilename: path,
    size,
    lfs: { sha256, size, pointerSize: 135 },
  }))
  const { commit, repository } = models[0]?.file ?? {}
  const lists = (siblings: object[]) => {
    for (const revision of ['main', commit])
      server.json.set(`/api/models/${repository}/revision/${revision}`, { sha: commit, siblings })
  }
  lists(listed)
  const model = (name: string) => {
    const found = models.find(({ file }) => file.path === name)
    if (!found) throw new Error(`there is no ${name}`)
    return found
  }
  return { server, model, listed, lists }
}

/** A build as a catalogue knows it: not all of its file. */
export function nearlyKnown(id: string, file: ModelFile & { sha256: string }): Build {
  const { label: _, demo: __, ...build } = buildOf(id, { ...file, exact: true })
  return { ...build, files: [{ ...file, commit: null, sha256: file.sha256.slice(0, 12) }] }
}
