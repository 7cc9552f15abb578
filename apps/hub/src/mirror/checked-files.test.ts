import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sha256, someBytes } from '@tradewind/artifacts/example'
import { eventually, testFolder } from '@tradewind/testkit'
import { expect, test } from 'vitest'
import { CheckedFiles } from './checked-files'

const bytes = someBytes(2_000_000)
const name = sha256(bytes)

function withFile(content: Buffer, patienceMs?: number) {
  const folder = testFolder('checked')
  writeFileSync(path.join(folder, name), content)
  return { folder, files: new CheckedFiles((sha256) => path.join(folder, sha256), patienceMs) }
}

test('a file that takes longer to check than anybody waits is to be asked for again, and is then there', async () => {
  const { files } = withFile(bytes, 0)
  const first = await files.open(name)
  expect(first).toEqual({ kind: 'checking', retryAfterSeconds: expect.any(Number) })
  const opened = await eventually('checked', async () => {
    const again = await files.open(name)
    return again.kind === 'file' && again
  })
  expect(opened.bytes).toBe(bytes.length)
  await opened.handle.close()
})

test('all who ask at once wait for one check; a wrong file is deleted, whoever asked', async () => {
  const { files, folder } = withFile(someBytes(2_000_000, 7))
  const all = await Promise.all([files.open(name), files.open(name), files.open(name)])
  expect(all.map(({ kind }) => kind)).toEqual(['corrupt', 'corrupt', 'corrupt'])
  expect(readdirSync(folder)).toEqual([])
  expect(await files.open(name)).toEqual({ kind: 'missing' })
})
