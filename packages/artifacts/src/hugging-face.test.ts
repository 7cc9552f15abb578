import type { Build } from '@tradewind/protocol'
import { FaultySource, testFolder } from '@tradewind/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { buildOf, fileOf, someBytes } from './example'
import { huggingFace, resolveBuild } from './hugging-face'
import { ArtifactStore } from './store'
import { ArtifactError, type Trouble } from './trouble'

const content = someBytes(50_000)
const pinned = fileOf('folder/model Q8.gguf', content)
const commit = pinned.commit ?? ''
const signal = new AbortController().signal

/** As the catalogue knows it: not all of it. */
const known = (more: Partial<Build['files'][number]> = {}): Build => ({
  ...buildOf('a-build', pinned),
  files: [{ ...pinned, commit: null, sha256: pinned.sha256.slice(0, 12), ...more }],
})

async function start(name = 'folder/model%20Q8.gguf') {
  const server = await FaultySource.start({ [name]: content })
  onTestFinished(() => server.stop())
  return server
}

async function hub() {
  const server = await start()
  const lfs = { sha256: pinned.sha256, size: content.length, pointerSize: 135 }
  const answer = {
    id: 'somebody/some-model',
    sha: commit,
    siblings: [
      { rfilename: 'README.md', size: 5, blobId: 'x' },
      { rfilename: 'folder/model Q8.gguf', size: content.length, lfs },
    ],
  }
  for (const revision of ['main', commit])
    server.json.set(`/api/models/somebody/some-model/revision/${revision}`, answer)
  return server
}

async function troubleOf(action: Promise<unknown>): Promise<Trouble | null> {
  try {
    await action
    return null
  } catch (error) {
    if (error instanceof ArtifactError) return error.trouble
    throw error
  }
}

test('a build is resolved at the newest commit, or at the one that is known', async () => {
  const server = await hub()
  const { url } = server
  expect((await resolveBuild(known(), { url }, signal)).files).toEqual([pinned])
  expect((await resolveBuild(known({ commit }), { url }, signal)).files).toEqual([pinned])
  expect(server.asked.map(({ url }) => url)).toEqual([
    '/api/models/somebody/some-model/revision/main?blobs=true',
    `/api/models/somebody/some-model/revision/${commit}?blobs=true`,
  ])
})

test.each([
  ['size', { bytes: 49_999 }],
  ['first digits of its sha256', { sha256: 'ffff' }],
])('a source that contradicts the known %s is refused', async (_, more) => {
  const { url } = await hub()
  expect(await troubleOf(resolveBuild(known(more), { url }, signal))).toMatchObject({ code: 'source-differs' })
})

test('a size that is known only nearly is corrected', async () => {
  const { url } = await hub()
  const { files } = await resolveBuild(known({ bytes: 49_000, exact: false }), { url }, signal)
  expect(files).toEqual([pinned])
})

test.each([
  ['a file that it does not list', known({ path: 'other.gguf' }), 'not-found'],
  ['a repository that it does not have', known({ repository: 'nobody/nothing' }), 'not-found'],
])('of %s nothing is known', async (_, build, code) => {
  const { url } = await hub()
  expect((await troubleOf(resolveBuild(build, { url }, signal)))?.code).toBe(code)
})

test('a file of which the source has no sha256 is fetched to find it out, and told when it is cut off', async () => {
  const server = await hub()
  const answer = { sha: commit, siblings: [{ rfilename: 'folder/model Q8.gguf', size: content.length, blobId: 'x' }] }
  server.json.set('/api/models/somebody/some-model/revision/main', answer)
  const { url } = server
  expect((await resolveBuild(known(), { url }, signal)).files).toEqual([pinned])
  server.json.set('/api/models/somebody/some-model/revision/main', {
    ...answer,
    siblings: [{ rfilename: 'folder/model Q8.gguf', size: content.length + 1, blobId: 'x' }],
  })
  expect((await troubleOf(resolveBuild(known(), { url }, signal)))?.code).toBe('truncated')
})

test('an answer that is none is told', async () => {
  const server = await hub()
  server.json.set('/api/models/somebody/some-model/revision/main', { sha: 'nonsense' })
  expect((await troubleOf(resolveBuild(known(), { url: server.url }, signal)))?.code).toBe('bad-answer')
})

test('a token goes to Hugging Face, and not to where it redirects', async () => {
  const [home, elsewhere] = [await hub(), await start('cdn')]
  const commitUrl = `/somebody/some-model/resolve/${commit}/folder/model%20Q8.gguf`
  home.fault = ({ url }) =>
    url.startsWith('/api') ? undefined : { kind: 'redirect', to: `${elsewhere.url}/x/cdn?signed` }
  const at = { url: home.url, token: 'hf_secret' }
  const store = ArtifactStore.open(testFolder('store'))
  const source = huggingFace(at)
  const build = await resolveBuild(known(), at, signal)
  await store.fetch(build, { sources: [source], signal })
  await source.close()
  expect(await store.has(build)).toBe(true)
  expect(home.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/api/models/somebody/some-model/revision/main?blobs=true', 'Bearer hf_secret'],
    [commitUrl, 'Bearer hf_secret'],
  ])
  expect(elsewhere.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/x/cdn?signed', undefined],
  ])
})
